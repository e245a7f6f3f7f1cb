using System.Collections.Immutable;
using Tidegate.ControlPlane.Rehearsals.Observed;

namespace Tidegate.ControlPlane.Rehearsals.Lint;

/// <summary>Judges what a migration really did, not what its statements look like: severity comes from durations and row counts that were seen.</summary>
public static class ObservedLint
{
    /// <summary>Findings of one rule that are told one by one; the last one says how many more there are.</summary>
    private const int MostPerRule = 20;

    /// <summary>All rules, by number.</summary>
    public static ImmutableArray<LintRule> Rules { get; } =
    [
        .. RewriteRules
            .All.Concat(LockRules.All)
            .Concat(IndexRules.All)
            .Concat(ConstraintRules.All)
            .Concat(FailureRules.All)
            .Concat(DropRules.All)
            .Concat(ColumnRules.All)
            .Concat(DataRules.All)
            .Concat(RunRules.All)
            .OrderBy(rule => rule.Number),
    ];

    /// <summary>All findings, the gravest first.</summary>
    public static ImmutableArray<LintFinding> Judge(ObservedMigration observed, LintLimits limits)
    {
        var subject = new LintSubject(observed, limits);
        return
        [
            .. Rules
                .SelectMany(rule => Findings(rule, subject))
                .OrderByDescending(finding => finding.Severity)
                .ThenBy(finding => finding.Rule)
                .ThenBy(finding => finding.Where, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<LintFinding> Findings(LintRule rule, LintSubject subject)
    {
        var hits = rule.Find(subject).Distinct().OrderByDescending(hit => hit.Severity).ToList();
        foreach (var hit in hits.Take(MostPerRule))
        {
            yield return new(rule.Number, rule.Code, hit.Severity, hit.Where, hit.What, rule.Why, rule.Mend);
        }

        if (hits.Count > MostPerRule)
        {
            yield return new(
                rule.Number,
                rule.Code,
                hits[MostPerRule].Severity,
                "others",
                LintSubject.Text($"the same was found {hits.Count - MostPerRule} more times"),
                rule.Why,
                rule.Mend
            );
        }
    }
}
