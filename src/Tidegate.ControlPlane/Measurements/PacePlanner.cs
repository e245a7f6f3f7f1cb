namespace Tidegate.ControlPlane.Measurements;

/// <summary>From a site's latest cutovers to its pace. Medians, so that one cutover beside a backup changes nothing.</summary>
public static class PacePlanner
{
    /// <summary>Fewer say nothing.</summary>
    public const int Fewest = 3;

    // A copy takes some time whatever its size; sizes this far apart tell that part from the rest.
    private const double TellingSpread = 2;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>Null when there are too few to say.</summary>
    public static CutoverPace? Of(IReadOnlyCollection<MeasuredCutover> cutovers)
    {
        var usable = cutovers.Where(cutover => cutover.Bytes > 0 && cutover.Copy > Shortest).ToList();
        if (usable.Count < Fewest)
        {
            return null;
        }

        var rate = Slope(usable) is { } slope
            ? 1 / slope
            : Median(usable.Select(cutover => cutover.Bytes / cutover.Copy.TotalSeconds));
        var rest = Median(usable.Select(cutover => cutover.Hold.TotalSeconds - (cutover.Bytes / rate)));
        return new(usable.Count, rate, TimeSpan.FromSeconds(Math.Max(0, rest)));
    }

    /// <summary>Seconds a byte, of all pairs that are far enough apart; null when there are too few, or larger ones were not slower.</summary>
    private static double? Slope(List<MeasuredCutover> cutovers)
    {
        var slopes = (
            from small in cutovers
            from large in cutovers
            where large.Bytes >= small.Bytes * TellingSpread
            select (large.Copy - small.Copy).TotalSeconds / (large.Bytes - small.Bytes)
        ).ToList();
        return slopes.Count >= Fewest && Median(slopes) is > 0 and var slope ? slope : null;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
