using Tidegate.Demo.Traffic;

namespace Tidegate.Demo.Recording;

/// <summary>What one rollout did to the shops' customers, counted from the outside and by reading the databases.</summary>
/// <param name="Failures">The requests that failed, each with what came back.</param>
/// <param name="Latency">Of the requests that were not held.</param>
/// <param name="Held">Per tenant: the requests that the gateway held.</param>
internal sealed record WindowRecord(
    RolloutWindow Window,
    int RequestsSent,
    IReadOnlyList<SentRequest> Failures,
    LatencyFigures Latency,
    IReadOnlyDictionary<string, HeldFigures> Held,
    OrderFigures Orders
)
{
    public int RequestsHeld => Held.Values.Sum(held => held.Requests);
}

/// <summary>The requests of one tenant that were held.</summary>
/// <param name="Longest">The longest time that a client waited for the answer of one: the hold as customers felt it.</param>
internal sealed record HeldFigures(int Requests, TimeSpan Longest);

/// <summary>Nearest-rank percentiles; zero when there was no request.</summary>
internal sealed record LatencyFigures(TimeSpan P50, TimeSpan P95, TimeSpan P99, TimeSpan Longest)
{
    public static LatencyFigures Of(IEnumerable<TimeSpan> latencies)
    {
        var sorted = latencies.Order().ToArray();
        return new(At(0.50), At(0.95), At(0.99), At(1));

        TimeSpan At(double share) =>
            sorted.Length == 0 ? TimeSpan.Zero : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
