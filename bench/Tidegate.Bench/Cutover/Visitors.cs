using System.Net;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Traffic;

namespace Tidegate.Bench.Cutover;

/// <summary>A light, steady stream of requests to every shop: how long a hold lasts for those who are held.</summary>
internal sealed class Visitors : IAsyncDisposable
{
    // Cheap for Odoo, so that the shops' two cores are left to the cutover; often enough that somebody is there when a
    // hold begins.
    private const string Path = "/web/static/img/favicon.ico";
    private const double PerSecond = 8;

    private readonly TrafficLog _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Outstanding _outstanding = new();
    private readonly ShopClient[] _clients;
    private readonly Task _loops;

    public Visitors(ShopSite site, int shops)
    {
        var options = new TrafficOptions
        {
            GatewayPort = site.GatewayPort,
            Run = "bench",
            TimeOut = TimeSpan.FromMinutes(2),
        };
        _clients =
        [
            .. BenchSite
                .Shops.Take(shops)
                .Select(shop => new ShopClient(shop.Name, shop.Hosts[0], options, _log, TimeProvider.System)),
        ];
        _loops = Task.WhenAll(_clients.Select(ComeAsync));
    }

    /// <summary>Requests of the shop that were held between the two instants.</summary>
    public IEnumerable<SentRequest> HeldAt(string shop, DateTimeOffset from, DateTimeOffset to) =>
        _log.Requests.Where(sent => sent.Tenant == shop && sent.WasHeld && AnsweredAt(sent) > from && sent.SentAt < to);

    public static DateTimeOffset AnsweredAt(SentRequest request) => request.SentAt + request.Latency;

    /// <summary>Ends when everybody who waits now has been answered.</summary>
    /// <exception cref="InvalidOperationException">Somebody was not: figures of such a run would be worth nothing.</exception>
    public async Task AnsweredAsync(CancellationToken cancellationToken)
    {
        await _outstanding.SettledAsync(cancellationToken);
        if (_log.Requests.FirstOrDefault(sent => sent.Failure is not null) is { } failed)
        {
            throw new InvalidOperationException($"A visitor's request failed: {failed}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loops;
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _stop.Dispose();
    }

    private Task ComeAsync(ShopClient client) =>
        new OpenLoop(PerSecond, new Random(), TimeProvider.System).RunAsync(
            () => _outstanding.Add(AskAsync(client)),
            _stop.Token
        );

    private static async Task AskAsync(ShopClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        await client.SendAsync(
            RequestKind.Asset,
            request,
            answer => answer.Status is HttpStatusCode.OK ? null : $"HTTP {(int)answer.Status}",
            CancellationToken.None // a visitor is never cut: his patience is his only bound
        );
    }
}
