using System.Globalization;

namespace Tidegate.Demo.Traffic;

/// <summary>The visits of one shop.</summary>
internal sealed class ShopTraffic(
    Shop shop,
    ShopClients clients,
    TrafficOptions options,
    TrafficLog log,
    TimeProvider clock
) : IDisposable
{
    private readonly Random _random = new();
    private int _orders;

    public Shop Shop => shop;

    public Outstanding Outstanding { get; } = new();

    /// <summary>Begins visits until cancelled. Visits that have begun go on to their end.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        new OpenLoop(options.VisitsPerSecond, _random, clock).RunAsync(
            () => Outstanding.Add(VisitAsync(VisitMix.Next(_random))),
            cancellationToken
        );

    /// <summary>Every browser that was logged in at the beginning asks for a page that needs it.</summary>
    public Task AskWhoIsLoggedInAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(clients.Browsers.Select(browser => browser.LookAtPageAsync(cancellationToken)));

    public void Dispose() => clients.Dispose();

    // A visit is never cut: the client's patience is its only bound, and what it would have got is what we count.
    private Task VisitAsync(Visit visit)
    {
        var browser = One(clients.Browsers);
        var program = One(clients.Programs);
        var assortment = clients.Assortment;
        return visit switch
        {
            Visit.LookAtPage => browser.LookAtPageAsync(CancellationToken.None),
            Visit.LoadAsset => browser.LoadAssetAsync(One(browser.Assets), CancellationToken.None),
            Visit.LoadImage => LoadImageAsync(browser, One(assortment.Pictures)),
            Visit.LookProductUp => program.LookUpAsync(One(assortment.Products), CancellationToken.None),
            Visit.TakeOrder => program.OrderAsync(
                NextReference(),
                One(assortment.Customers),
                One(assortment.Products),
                CancellationToken.None
            ),
            Visit.LogIn => LogInAsync(),
        };
    }

    private static Task<Answer?> LoadImageAsync(Browser browser, KeyValuePair<string, string> picture) =>
        browser.LoadImageAsync(
            picture.Key,
            found => Expected.Image(found, picture.Value),
            CancellationToken.None // as every visit
        );

    private async Task LogInAsync()
    {
        using var somebodyNew = new Browser(new ShopClient(shop.Tenant, One(shop.Hosts), options, log, clock));
        if (await somebodyNew.LogInAsync(shop.Login, shop.Password, CancellationToken.None)) // as every visit
        {
            await somebodyNew.LookAtPageAsync(CancellationToken.None);
        }
    }

    private string NextReference() =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Run}-{shop.Tenant}-{++_orders:00000}");

    private T One<T>(IReadOnlyList<T> things) => things[_random.Next(things.Count)];
}
