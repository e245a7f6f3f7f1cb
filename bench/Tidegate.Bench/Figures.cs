namespace Tidegate.Bench;

/// <summary>What a bench measured, by name and in the order found. A name ends in its unit: <c>_ms</c>, <c>_s</c>, <c>_mb</c>, <c>_us</c>; none is a ratio or a count.</summary>
internal sealed class Figures : Dictionary<string, double>
{
    public Figures()
        : base(StringComparer.Ordinal) { }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
