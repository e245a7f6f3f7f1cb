using System.Collections.Immutable;
using Tidegate.Drivers.Odoo;

namespace Tidegate.Drivers.Journeys;

/// <summary>What the journeys say about a release for one tenant.</summary>
/// <param name="Reason">The one sentence that a person needs, without a full stop.</param>
/// <param name="Known">Journeys that failed on the old release already; reported, not held against the new one.</param>
/// <param name="Prices">Undeclared differences, all of them.</param>
public sealed record JourneyJudgement(
    Verdict Verdict,
    string Reason,
    ImmutableArray<string> Known,
    ImmutableArray<PriceDifference> Prices
);

/// <summary>Compares the journeys on the new release with the baseline. What is missing never passes.</summary>
public static class JourneyComparison
{
    public static JourneyJudgement Judge(
        JourneyReport? baseline,
        JourneyReport now,
        IReadOnlyCollection<string> declaredPriceChanges
    )
    {
        if (baseline is null)
        {
            return new(Verdict.Inconclusive, "there are no journeys on the old release to compare with", [], []);
        }

        var differences = Differences(baseline, now, declaredPriceChanges);
        var known = now.Results.Where(result => IsKnown(baseline, result)).Select(result => result.Journey);
        var reasons = Unmade(baseline, now)
            .Concat(Bad(baseline, now))
            .Concat(PriceReasons(baseline, now, differences))
            .ToList();
        return reasons switch
        {
            [] => new(Verdict.Pass, $"{now.Results.Length} journeys as on the old release", [.. known], differences),
            [var (verdict, reason), ..] => new(verdict, reason, [.. known], differences),
        };
    }

    private static IEnumerable<(Verdict, string)> Unmade(JourneyReport baseline, JourneyReport now) =>
        now.Results.IsEmpty
            ? [(Verdict.Inconclusive, "no journey was made")]
            : baseline
                .Results.Where(result => now.Find(result.Journey) is null)
                .Select(result => (Verdict.Inconclusive, $"journey {result.Journey} was not made on the new release"));

    private static IEnumerable<(Verdict, string)> Bad(JourneyReport baseline, JourneyReport now) =>
        now
            .Results.Where(result => result.Verdict is not Verdict.Pass && !IsKnown(baseline, result))
            .Select(result => (result.Verdict, $"journey {result.Journey}: {result.Answered}"));

    /// <summary>Only a plain failure may have been there before; what could not be asked proves nothing.</summary>
    private static bool IsKnown(JourneyReport baseline, JourneyResult result) =>
        result.Verdict is Verdict.Fail && baseline.Find(result.Journey)?.Verdict is Verdict.Fail;

    private static ImmutableArray<PriceDifference> Differences(
        JourneyReport baseline,
        JourneyReport now,
        IReadOnlyCollection<string> declared
    ) =>
        baseline.Prices is { } before && now.Prices is { } after
            ? PriceComparison.Undeclared(before, after, declared)
            : [];

    private static IEnumerable<(Verdict, string)> PriceReasons(
        JourneyReport baseline,
        JourneyReport now,
        ImmutableArray<PriceDifference> differences
    ) =>
        (baseline.Prices, now.Prices, differences) switch
        {
            (null, null, _) => [], // its journey failed on both, and is judged above
            (null, _, _) or (_, null, _) => [(Verdict.Inconclusive, "prices are known of one release only")],
            (_, _, [var first]) => [(Verdict.Fail, first.Sentence)],
            (_, _, [var first, ..]) =>
            [
                (Verdict.Fail, $"{first.Sentence}, and {differences.Length - 1} more prices differ"),
            ],
            _ => [],
        };
}
