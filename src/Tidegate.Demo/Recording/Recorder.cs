using Tidegate.Demo.Traffic;

namespace Tidegate.Demo.Recording;

/// <summary>Keeps the record of each rollout, without asking the one who carried it out.</summary>
internal sealed class Recorder(TrafficDriver driver, IOrderBook book, string run, TimeProvider clock)
{
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    /// <summary>What is known of the window that began at <paramref name="start"/>, while it lasts.</summary>
    public TrafficSoFar SoFar(DateTimeOffset start)
    {
        var (sent, failed, held) = (0, 0, 0);
        foreach (var request in new RolloutWindow(start, clock.GetUtcNow()).RequestsIn(driver.Log))
        {
            sent++;
            failed += request.Failure is null ? 0 : 1;
            held += request.WasHeld ? 1 : 0;
        }

        return new(sent, failed, held);
    }

    /// <summary>Ends the window now: asks who is still logged in, waits for every answer that is due, then reads the databases.</summary>
    public async Task<WindowRecord> EndAsync(DateTimeOffset start, CancellationToken cancellationToken)
    {
        await driver.AskWhoIsLoggedInAsync(cancellationToken);
        var window = new RolloutWindow(start, clock.GetUtcNow());
        await driver.SettledAsync(cancellationToken);
        var requests = window.RequestsIn(driver.Log).ToArray();
        return new(
            window,
            requests.Length,
            [.. requests.Where(request => request.Failure is not null)],
            LatencyFigures.Of(requests.Where(request => !request.WasHeld).Select(request => request.Latency)),
            driver.Tenants.ToDictionary(tenant => tenant, tenant => HeldOf(tenant, requests), StringComparer.Ordinal),
            await OrdersAsync(window, cancellationToken)
        );
    }

    private static HeldFigures HeldOf(string tenant, IEnumerable<SentRequest> requests)
    {
        var held = requests.Where(request => request.WasHeld && request.Tenant == tenant).ToArray();
        return new(held.Length, held.Select(request => request.Latency).DefaultIfEmpty().Max());
    }

    private async Task<OrderFigures> OrdersAsync(RolloutWindow window, CancellationToken cancellationToken)
    {
        // Only what is settled: an order sent after the window's end may be on its way while we read.
        var placed = driver.Log.Orders.Where(order => order.SentAt < window.End).ToArray();
        var stored = new List<StoredOrder>();
        foreach (var tenant in driver.Tenants)
        {
            stored.AddRange(await book.ReadAsync(tenant, run, cancellationToken));
        }

        var figures = OrderComparison.Compare(placed, stored, window);
        return figures with
        {
            Lost = Unreported(figures.Lost),
            Doubled = Unreported(figures.Doubled),
            StoredUnacknowledged = Unreported(figures.StoredUnacknowledged),
        };
    }

    /// <summary>An order that an earlier rollout lost is that rollout's.</summary>
    private string[] Unreported(IEnumerable<string> references) => [.. references.Where(_reported.Add)];
}
