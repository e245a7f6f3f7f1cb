using System.Collections.Immutable;
using System.Globalization;

namespace Tidegate.ControlPlane.Rehearsals.Prediction;

/// <summary>How long requests will be held, with the interval in which nine of ten holds are expected, and what that rests on.</summary>
/// <param name="Seconds">The middle.</param>
/// <param name="TotalSeconds">The whole upgrade up to opening.</param>
/// <param name="Basis">One sentence.</param>
public sealed record HoldPrediction(
    double Seconds,
    double LowSeconds,
    double HighSeconds,
    double TotalSeconds,
    string Basis
)
{
    /// <summary>The share of holds that the interval is to hold.</summary>
    private const double Coverage = 0.9;

    /// <summary>Without any residual of this site: two thirds to one and a half times.</summary>
    private static readonly double Prior = Math.Log(1.5);

    /// <summary>So many cutovers like this one speak for themselves alone; fewer are mixed with what is known without any.</summary>
    private const int Enough = 9;

    /// <summary>How much a ratio of one is worth, in cutovers: one odd cutover does not double the next prediction.</summary>
    private const double Caution = 2;

    /// <summary>Of a step that nobody has measured. A rehearsal has no shop to drain and no swap; both are short.</summary>
    private static readonly ImmutableSortedDictionary<string, double> Unmeasured =
        ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            [
                KeyValuePair.Create("hold", 0.5),
                KeyValuePair.Create("fence", 0.5),
                KeyValuePair.Create("swap", 0.3),
                KeyValuePair.Create("open", 0.3),
                KeyValuePair.Create("preflight", 0.5),
                KeyValuePair.Create("start-generation", 5.0),
                KeyValuePair.Create("link-filestore", 0.5),
                KeyValuePair.Create("quiesce", 1.0),
            ]
        );

    /// <param name="rehearsed">What this tenant's rehearsal measured.</param>
    /// <param name="past">Cutovers of this site, the newest first.</param>
    public static HoldPrediction Of(CutoverParts rehearsed, IReadOnlyList<PastCutover> past)
    {
        var hold = Sum(CutoverParts.Held, rehearsed, past);
        var total = hold + Sum(CutoverParts.Before, rehearsed, past);
        var residuals = Residuals(past);
        var spread = Spread(residuals);
        return new(
            hold,
            hold * Math.Exp(-spread),
            hold * Math.Exp(spread),
            total,
            BasisOf(past.Count(cutover => cutover.Rehearsed is not null), past.Count)
        );
    }

    private static double Sum(ImmutableArray<string> steps, CutoverParts rehearsed, IReadOnlyList<PastCutover> past) =>
        steps.Sum(step => Step(step, rehearsed, past));

    /// <summary>What the rehearsal took, times how real ones compare with theirs; else what real ones take; else what is usual.</summary>
    private static double Step(string step, CutoverParts rehearsed, IReadOnlyList<PastCutover> past)
    {
        if (rehearsed.Find(step) is { } measured)
        {
            var ratios = past.Where(cutover => cutover.Rehearsed?.Find(step) is > 0)
                .Select(cutover => (Real: cutover.Real.Find(step), Rehearsed: cutover.Rehearsed!.Find(step)!.Value))
                .Where(pair => pair.Real is > 0)
                .Select(pair => Math.Log(pair.Real!.Value / pair.Rehearsed))
                .ToList();
            var shrunk = ratios.Count == 0 ? 0 : Median(ratios) * ratios.Count / (ratios.Count + Caution);
            return measured * Math.Exp(shrunk);
        }

        var seen = past.Select(cutover => cutover.Real.Find(step)).OfType<double>().ToList();
        return seen.Count > 0 ? Median(seen) : Unmeasured.GetValueOrDefault(step, 1.0);
    }

    /// <summary>By how much each past hold missed what would have been predicted for it without itself, as logarithms.</summary>
    private static List<double> Residuals(IReadOnlyList<PastCutover> past)
    {
        var residuals = new List<double>();
        for (var index = 0; index < past.Count; index++)
        {
            if (past[index] is { Rehearsed: { } rehearsed, HoldSeconds: > 0 } cutover)
            {
                var others = past.Where((_, other) => other != index).ToList();
                residuals.Add(Math.Abs(Math.Log(cutover.HoldSeconds / Sum(CutoverParts.Held, rehearsed, others))));
            }
        }

        return residuals;
    }

    /// <summary>
    /// Conformal: of n residuals the one of rank ⌈(n + 1) · 0.9⌉ covers nine of ten of the next, whatever their
    /// distribution. With fewer than nine there is no such rank, and what is known without any counts in.
    /// </summary>
    private static double Spread(List<double> residuals)
    {
        if (residuals.Count == 0)
        {
            return Prior;
        }

        var ordered = residuals.Order().ToList();
        var rank = (int)Math.Ceiling((ordered.Count + 1) * Coverage);
        if (rank <= ordered.Count)
        {
            return Math.Max(ordered[rank - 1], Math.Log(1.05));
        }

        var weight = (double)ordered.Count / Enough;
        return Math.Max(ordered[^1], (weight * ordered[^1]) + ((1 - weight) * Prior));
    }

    private static double Median(List<double> values)
    {
        var ordered = values.Order().ToList();
        var middle = ordered.Count / 2;
        return ordered.Count % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
    }

    private static string BasisOf(int rehearsed, int all) =>
        (rehearsed, all) switch
        {
            (_, 0) => "its rehearsal; no cutover of this site was measured yet, so the interval is wide",
            (0, _) => string.Create(
                CultureInfo.InvariantCulture,
                $"its rehearsal and {all} cutovers of this site, none of them rehearsed, so the interval is wide"
            ),
            (< Enough, _) => string.Create(
                CultureInfo.InvariantCulture,
                $"its rehearsal and {rehearsed} rehearsed cutovers of this site: few, so the interval is wide"
            ),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"its rehearsal and {rehearsed} rehearsed cutovers of this site"
            ),
        };
}
