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
        var browsers = new List<Browser>();
        var programs = new List<RpcClient>();
        foreach (var host in shop.Hosts)
        {
            for (var number = 0; number < options.BrowsersPerHost; number++)
            {
                var browser = new Browser(Client(host));
                browsers.Add(browser);
                Require(await browser.LogInAsync(shop.Login, shop.Password, cancellationToken));
                await browser.LookAtPageAsync(cancellationToken);
                Require(browser.Assets.Count > 0);
            }

            var program = new RpcClient(Client(host), shop.Tenant, log, clock);
            programs.Add(program);
            Require(await program.LogInAsync(shop, cancellationToken));
        }

        return new(browsers, programs, await ShopAssortment.SeeAsync(browsers[0], programs[0], cancellationToken));

        ShopClient Client(string host) => new(shop.Tenant, host, options, log, clock);

        void Require(bool works)
        {
            if (!works)
            {
                var last = log.Requests.LastOrDefault(sent => sent.Tenant == shop.Tenant && sent.Failure is not null);
                throw new InvalidOperationException($"Shop {shop.Tenant} does not work before the traffic: {last}.");
            }
        }
    }

    public void Dispose()
    {
        foreach (var client in browsers.Cast<IDisposable>().Concat(programs))
        {
            client.Dispose();
        }
    }
}
