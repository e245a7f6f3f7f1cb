using System.Globalization;
using static Tidegate.ControlPlane.Rehearsals.Lint.LintSubject;

namespace Tidegate.ControlPlane.Rehearsals.Lint;

/// <summary>Rows that were changed, and what the planner knows afterwards.</summary>
internal static class DataRules
{
    public static IEnumerable<LintRule> All =>
        [
            new(
                32,
                "mass-change",
                "the table doubles in size, and its WAL goes to the archive and to every standby",
                "do it in batches before the release, where it may run while people work",
                Mass
            ),
            new(
                46,
                "statistics-missing",
                "the first queries after opening are planned blindly",
                "ANALYZE the table before opening",
                Statistics
            ),
        ];

    private static IEnumerable<LintHit> Mass(LintSubject subject) =>
        from rows in subject.Observed.Tables
        where rows.Before >= subject.Limits.MassRows
        let changed = rows.Updated + rows.Deleted
        let share = (double)changed / rows.Before!.Value
        where share > subject.Limits.MassShare
        select new LintHit(
            rows.Before >= subject.Limits.LargeTableRows ? LintSeverity.High : LintSeverity.Warning,
            rows.Table,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{changed:N0} changes of rows in {rows.Table}, which had {rows.Before:N0}"
            )
        );

    private static IEnumerable<LintHit> Statistics(LintSubject subject)
    {
        var rewritten = subject.Observed.Rewrites.Select(rewrite => rewrite.Table).ToHashSet(StringComparer.Ordinal);
        return from rows in subject.Observed.Tables
            where rows is { HasStatistics: false, After: > 0 }
            where rewritten.Contains(rows.Table) || rows.After >= subject.Limits.MassRows
            select new LintHit(
                LintSeverity.Warning,
                rows.Table,
                Text($"{rows.Table} has {rows.After} rows and no statistics that fit them")
            );
    }
}
