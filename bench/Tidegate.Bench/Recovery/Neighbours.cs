using Tidegate.Contracts.Fleet;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Traffic;

namespace Tidegate.Bench.Recovery;

/// <summary>Writes to all other tenants of a cluster, by the clock, right through what is done to one of them.</summary>
internal sealed class Neighbours : IAsyncDisposable
{
    // Each of them. Two cores are shared with what is measured.
    private const double OrdersPerSecond = 0.2;

    private readonly TrafficLog _log;
    private readonly IReadOnlyList<Till> _tills;
    private readonly CancellationTokenSource _stop = new();
    private readonly Outstanding _outstanding = new();
    private readonly Task _loops;

    private Neighbours(IReadOnlyList<Till> tills, TrafficLog log)
    {
        _tills = tills;
        _log = log;
        _loops = Task.WhenAll(tills.Select(SellAsync));
    }

    /// <summary>Every one of them has taken an order when this returns, and goes on to.</summary>
    public static async Task<Neighbours> OpenAsync(
        ShopSite site,
        IEnumerable<TenantDocument> shops,
        CancellationToken cancellationToken
    )
    {
        var log = new TrafficLog();
        var tills = new List<Till>();
        try
        {
            foreach (var shop in shops)
            {
                tills.Add(await Till.OpenAsync(site, shop, log, cancellationToken));
                await tills[^1].SellAsync(cancellationToken);
            }

            return new(tills, log);
        }
        catch
        {
            tills.ForEach(till => till.Dispose());
            throw;
        }
    }

    /// <summary>No order begins any more; those that have begun are waited for, and then counted.</summary>
    /// <param name="since">Waits count from here on: before, workers meet shops that they have not loaded.</param>
    public async Task<NeighbourSales> StopAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _loops;
        await _outstanding.SettledAsync(cancellationToken);
        var failures = _log.Requests.Where(sent => sent.Failure is not null).Select(sent => sent.ToString()).ToList();
        var confirmed = 0;
        foreach (var till in _tills)
        {
            var told = till.Told();
            confirmed += told.Length;
            failures.AddRange(
                told.Except(await till.BookedAsync(cancellationToken), StringComparer.Ordinal)
                    .Select(lost => $"{lost} was confirmed and is not in the database")
            );
        }

        var waits = _log.Requests.Where(sent => sent.SentAt >= since).Select(sent => sent.Latency.TotalSeconds);
        return new(confirmed, waits.Max(), failures);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loops;
        foreach (var till in _tills)
        {
            till.Dispose();
        }

        _stop.Dispose();
    }

    private Task SellAsync(Till till) =>
        new OpenLoop(OrdersPerSecond, new Random(), TimeProvider.System).RunAsync(
            () => _outstanding.Add(till.SellAsync(CancellationToken.None)), // a customer is never cut
            _stop.Token
        );
}

/// <summary>What the neighbours sold.</summary>
/// <param name="LongestWait">For one answer. Seconds.</param>
/// <param name="Failures">Requests that had no right answer, and confirmed orders that are not there.</param>
internal sealed record NeighbourSales(int Confirmed, double LongestWait, IReadOnlyList<string> Failures);
