using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Tidegate.Contracts.Fleet;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Story;
using Tidegate.Demo.Traffic;
using Tidegate.Drivers.Databases;

namespace Tidegate.Bench.Recovery;

/// <summary>A program that stays logged in to one shop and sells there, through the gateway and Odoo.</summary>
internal sealed class Till : IDisposable
{
    private const string Run = "bench";

    private readonly ShopSite _site;
    private readonly TenantDocument _shop;
    private readonly TrafficLog _log;
    private readonly RpcClient _program;
    private int _customer;
    private int _product;
    private int _orders;

    private Till(ShopSite site, TenantDocument shop, TrafficLog log)
    {
        var options = new TrafficOptions { GatewayPort = site.GatewayPort, Run = Run };
        _site = site;
        _shop = shop;
        _log = log;
        _program = new(
            new ShopClient(shop.Name, shop.Hosts[0], options, log, TimeProvider.System),
            shop.Name,
            log,
            TimeProvider.System
        );
    }

    /// <summary>Logs in, and finds something to sell and somebody to sell it to.</summary>
    /// <param name="log">Gets every request and every order.</param>
    /// <exception cref="InvalidOperationException">The shop does not work.</exception>
    public static async Task<Till> OpenAsync(
        ShopSite site,
        TenantDocument shop,
        TrafficLog log,
        CancellationToken cancellationToken
    )
    {
        var till = new Till(site, shop, log);
        try
        {
            await till.EnterAsync(cancellationToken);
            return till;
        }
        catch
        {
            till.Dispose();
            throw;
        }
    }

    /// <summary>Sends an order once; what came of it is in the log.</summary>
    public async Task SellAsync(CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _orders);
        var reference = string.Create(CultureInfo.InvariantCulture, $"{Run}-{_shop.Name}-{number:00000}");
        await _program.OrderAsync(reference, _customer, _product, cancellationToken);
    }

    /// <summary>References of the orders that were told to be confirmed.</summary>
    public ImmutableArray<string> Told() =>
        [.. _log.Orders.Where(order => order.Tenant == _shop.Name && order.Confirmed).Select(order => order.Reference)];

    /// <summary>References of the confirmed orders that the shop's database has of this till.</summary>
    public async Task<ImmutableArray<string>> BookedAsync(CancellationToken cancellationToken)
    {
        await using var session = await _site.Layout.Cluster.OpenAsync(
            _shop.Database,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        return await session.QueryAsync(
            "select client_order_ref from sale_order where state = 'sale' and client_order_ref like $1",
            [$"{Run}-{_shop.Name}-%"],
            row => row.GetString(0),
            cancellationToken
        );
    }

    public void Dispose() => _program.Dispose();

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        var shop = new Shop(
            _shop.Name,
            _shop.Hosts,
            _shop.Database,
            StoryFleet.ShopLogin,
            _site.Passwords.Shop.Password
        );
        if (
            !await _program.LogInAsync(shop, cancellationToken)
            || await FirstAsync("product.product", ["is_storable", "=", true], cancellationToken) is not { } product
            || await FirstAsync("res.partner", ["customer_rank", ">", 0], cancellationToken) is not { } customer
        )
        {
            var failed = _log.Requests.LastOrDefault(sent => sent.Tenant == _shop.Name && sent.Failure is not null);
            throw new InvalidOperationException(
                $"{_shop.Name} cannot sell: {failed?.ToString() ?? "it has no product, or no customer"}"
            );
        }

        (_product, _customer) = (product, customer);
    }

    private async Task<int?> FirstAsync(string model, JsonArray condition, CancellationToken cancellationToken) =>
        await _program.FindAsync(model, [condition], limit: 1, cancellationToken) is [var id] ? id : null;
}
