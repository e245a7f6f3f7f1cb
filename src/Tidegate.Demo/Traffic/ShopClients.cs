using Tidegate.Demo.Story;

namespace Tidegate.Demo.Traffic;

/// <summary>The clients of one shop, logged in, and what they found there: what visits choose from.</summary>
internal sealed class ShopClients(
    IReadOnlyList<Browser> browsers,
    IReadOnlyList<RpcClient> programs,
    ShopAssortment assortment
) : IDisposable
{
    public IReadOnlyList<Browser> Browsers => browsers;

    public IReadOnlyList<RpcClient> Programs => programs;

    public ShopAssortment Assortment => assortment;

    /// <summary>Logs the clients in on every host name and looks at the shop once.</summary>
    /// <exception cref="InvalidOperationException">The shop does not work before the traffic begins.</exception>
    public static async Task<ShopClients> EnterAsync(
        Shop shop,
        TrafficOptions options,
        TrafficLog log,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        Browser[] browsers =
        [
            .. shop
                .Hosts.SelectMany(host => Enumerable.Repeat(host, options.BrowsersPerHost))
                .Select(host => new Browser(Client(host))),
        ];
        RpcClient[] programs = [.. shop.Hosts.Select(host => new RpcClient(Client(host), shop.Tenant, log, clock))];

        // All at once, so that every worker of the shop has the shop loaded before the traffic begins.
        var entered = await Task.WhenAll([
            .. browsers.Select(browser => EnterAsync(browser, shop, cancellationToken)),
            .. programs.Select(program => program.LogInAsync(shop, cancellationToken)),
        ]);
        if (entered.Contains(false))
        {
            var first = log.Requests.FirstOrDefault(sent => sent.Tenant == shop.Tenant && sent.Failure is not null);
            throw new StoryException($"Shop {shop.Tenant} does not work before the traffic: {first}.");
        }

        return new(browsers, programs, await ShopAssortment.SeeAsync(browsers[0], programs[0], cancellationToken));

        ShopClient Client(string host) => new(shop.Tenant, host, options, log, clock);
    }

    public void Dispose()
    {
        foreach (var client in browsers.Cast<IDisposable>().Concat(programs))
        {
            client.Dispose();
        }
    }

    private static async Task<bool> EnterAsync(Browser browser, Shop shop, CancellationToken cancellationToken)
    {
        var isIn = await browser.LogInAsync(shop.Login, shop.Password, cancellationToken);
        await browser.LookAtPageAsync(cancellationToken);
        foreach (var asset in browser.Assets)
        {
            await browser.LoadAssetAsync(asset, cancellationToken);
        }

        return isIn && browser.Assets.Count > 0;
    }
}
