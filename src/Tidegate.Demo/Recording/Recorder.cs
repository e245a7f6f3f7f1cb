using Tidegate.Demo.Traffic;

namespace Tidegate.Demo.Recording;

/// <summary>Keeps the record of each rollout, without asking the one who carried it out.</summary>
internal sealed class Recorder(TrafficDriver driver, IOrderBook book, string run, TimeProvider clock)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookedBack = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    /// <summary>Ends when the shops keep up with their customers: of the last seconds' requests nearly all are answered quickly.</summary>
    /// <returns>False when they do not within the bound: this machine is too busy, or too small.</returns>
    public async Task<bool> CalmAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        await Task.Delay(LookedBack + Quick, clock, cancellationToken);
        while (!IsCalm())
        {
            if (clock.GetElapsedTime(began) > bound)
            {
                return false;
            }

            await Task.Delay(Moment, clock, cancellationToken);
        }

        return true;
    }

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

    private bool IsCalm()
    {
        var end = clock.GetUtcNow() - Quick;
        var lately = new RolloutWindow(end - LookedBack, end).RequestsIn(driver.Log).ToArray();
        return lately.Length > 0
            && driver.Outstanding < driver.Tenants.Count()
            && LatencyFigures.Of(lately.Select(request => request.Latency)).P95 < Quick;
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
