namespace Tidegate.Demo.Traffic;

/// <summary>The customers of all shops: they come by the clock, whatever comes back, until told to _stop.</summary>
internal sealed class TrafficDriver : IAsyncDisposable
{
    private readonly IReadOnlyList<ShopTraffic> _shops;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loops;

    private TrafficDriver(IReadOnlyList<ShopTraffic> shops, TrafficLog log)
    {
        _shops = shops;
        Log = log;
        _loops = Task.WhenAll(shops.Select(shop => Task.Run(() => shop.RunAsync(_stop.Token))));
    }

    public TrafficLog Log { get; }

    public IEnumerable<string> Tenants => _shops.Select(shop => shop.Shop.Tenant);

    /// <summary>Visits that have begun and not ended.</summary>
    public int Outstanding => _shops.Sum(shop => shop.Outstanding.Count);

    /// <summary>Enters every shop, one after another (log-ins are dear), then lets the customers come.</summary>
    public static async Task<TrafficDriver> StartAsync(
        IEnumerable<Shop> shops,
        TrafficOptions options,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var log = new TrafficLog();
        var entered = new List<ShopTraffic>();
        foreach (var shop in shops)
        {
            var clients = await ShopClients.EnterAsync(shop, options, log, clock, cancellationToken);
            entered.Add(new ShopTraffic(shop, clients, options, log, clock));
        }

        return new TrafficDriver(entered, log);
    }

    /// <summary>Who was logged in when the traffic began asks for a page; whoever gets none is in the log as a failed request.</summary>
    public Task AskWhoIsLoggedInAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_shops.Select(shop => shop.AskWhoIsLoggedInAsync(cancellationToken)));

    /// <summary>Ends when every visit that has begun by now has ended. New ones go on beginning.</summary>
    public Task SettledAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_shops.Select(shop => shop.Outstanding.SettledAsync(cancellationToken)));

    /// <summary>No visit begins any more; those that have begun are waited for.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _loops.WaitAsync(cancellationToken);
        await SettledAsync(cancellationToken);
    }

    /// <summary>No visit begins any more; those that have begun are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loops.WaitAsync(CancellationToken.None); // they end at once
        foreach (var shop in _shops)
        {
            shop.Dispose();
        }

        _stop.Dispose();
    }
}
