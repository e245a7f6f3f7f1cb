namespace Tidegate.Bench;

/// <summary>What a bench measured, by name and in the order found. A name ends in its unit: <c>_ms</c>, <c>_s</c>, <c>_mb</c>, <c>_us</c>; none is a ratio or a count.</summary>
internal sealed class Figures : Dictionary<string, double>
{
    public Figures()
        : base(StringComparer.Ordinal) { }

    /// <summary>What the figures were made of, one by one, where a reader wants to see it; null where not.</summary>
    public IReadOnlyList<object>? Each { get; init; }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The smallest value that so many of all are not above.</summary>
    /// <param name="share">0 to 1.</param>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
