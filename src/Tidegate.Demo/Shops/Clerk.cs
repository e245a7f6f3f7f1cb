using System.Globalization;
using Npgsql;
using Tidegate.Demo.Story;
using Tidegate.Demo.Traffic;

namespace Tidegate.Demo.Shops;

/// <summary>Sells in one shop, an order at a time, as a program at its RPC does.</summary>
/// <param name="run">Every order's reference begins with it.</param>
internal sealed class Clerk(DemoSite site, Shop shop, string run, TimeProvider clock)
{
    private int _sold;

    /// <summary>Sells, and has read that the order is confirmed.</summary>
    /// <exception cref="StoryException">The shop did not take it; the message has its answer.</exception>
    public async Task<SoldOrder> SellAsync(CancellationToken cancellationToken)
    {
        var log = new TrafficLog();
        var options = new TrafficOptions
        {
            GatewayPort = site.GatewayPort,
            Run = run,
            BrowsersPerHost = 1,
        };
        using var clients = await ShopClients.EnterAsync(shop, options, log, clock, cancellationToken);
        var reference = string.Create(CultureInfo.InvariantCulture, $"{run}-{++_sold}");
        var (customer, product) = (clients.Assortment.Customers[0], clients.Assortment.Products[0]);
        await clients.Programs[0].OrderAsync(reference, customer, product, cancellationToken);
        if (!log.Orders.Single().Confirmed)
        {
            throw new StoryException(
                $"{shop.Tenant} did not take an order: {log.Requests.Last(sent => sent.Failure is not null)}."
            );
        }

        return new(
            reference,
            await FindAsync(reference, cancellationToken)
                ?? throw new StoryException($"{shop.Tenant} confirmed order {reference} and does not have it.")
        );
    }

    /// <summary>The number that the shop gave an order; null when it has none of this reference.</summary>
    public Task<string?> FindAsync(string reference, CancellationToken cancellationToken) =>
        ReadAsync("select name from sale_order where client_order_ref = $1", cancellationToken, reference);

    /// <summary>What all products cost together.</summary>
    public async Task<string> PricesAsync(CancellationToken cancellationToken) =>
        await ReadAsync("select sum(list_price)::text from product_template", cancellationToken) ?? "nothing";

    private async Task<string?> ReadAsync(string query, CancellationToken cancellationToken, params string[] parameters)
    {
        await using var database = new NpgsqlConnection(site.Connection(shop.Database));
        await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(query, database);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}

/// <summary>An order that a customer was told is confirmed.</summary>
/// <param name="Number">What the customer reads on it.</param>
internal sealed record SoldOrder(string Reference, string Number);
