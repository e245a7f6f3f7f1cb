namespace Tidegate.Gateway.Metering;

/// <summary>Counts durations in fixed buckets without a lock.</summary>
internal sealed class LatencyHistogram
{
    /// <summary>Upper bounds in seconds; the last bucket has none.</summary>
    public static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

    private readonly long[] counts = new long[Bounds.Length + 1];
    private long totalMicroseconds;

    public double SumSeconds => Interlocked.Read(ref totalMicroseconds) / 1e6;

    public void Add(TimeSpan duration)
    {
        var seconds = duration.TotalSeconds;
        var bucket = 0;
        while (bucket < Bounds.Length && seconds > Bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref counts[bucket]);
        Interlocked.Add(ref totalMicroseconds, (long)duration.TotalMicroseconds);
    }

    /// <summary>How many lie in each bucket, as read one after the other.</summary>
    public long[] Read() => [.. counts.Select((_, bucket) => Interlocked.Read(ref counts[bucket]))];
}
