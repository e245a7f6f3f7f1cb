using static Tidegate.ControlPlane.Rehearsals.Lint.LintSubject;

namespace Tidegate.ControlPlane.Rehearsals.Lint;

/// <summary>What is gone, with what was in it.</summary>
internal static class DropRules
{
    public static IEnumerable<LintRule> All =>
        [
            new(
                18,
                "column-dropped",
                "its data is gone, and the old code fails on it",
                "keep the column for one more release; declare it in the release's notes when it shall go",
                Columns
            ),
            new(
                19,
                "table-dropped",
                "its data is gone, and the old code fails on it",
                "keep the table for one more release; declare it in the release's notes when it shall go",
                Tables
            ),
            new(
                20,
                "dropped-with-something-else",
                "CASCADE takes views and foreign keys that nobody named",
                "drop them by name, and make again what is needed",
                Collateral
            ),
            new(
                30,
                "table-emptied",
                "all rows of a table are gone; PostgreSQL tells nobody (TRUNCATE fires no event)",
                "delete what shall go by a condition; declare the table in the release's notes when all of it shall go",
                Emptied
            ),
        ];

    private static IEnumerable<LintHit> Columns(LintSubject subject) =>
        from column in subject.Observed.DroppedColumns
        let name = $"{column.Table}.{column.Column}"
        select Dropped(
            subject,
            name,
            column.NonNull,
            column.NonNull is { } rows
                ? Text($"the column {name} was dropped, with values in {rows:N0} rows")
                : $"the column {name} was dropped; how many values it had was not counted"
        );

    private static IEnumerable<LintHit> Tables(LintSubject subject) =>
        from before in subject.Observed.Before.Relations
        where before.Kind is "r" && subject.Observed.After.Find(before.Name) is null
        select Dropped(
            subject,
            before.Name,
            subject.RowsBefore(before.Name),
            $"the table {before.Name}{subject.Rows(before.Name)} is gone"
        );

    /// <summary>Data that nobody said would go block; what the release declares is looked at only for what was in it.</summary>
    private static LintHit Dropped(LintSubject subject, string name, long? values, string what) =>
        (subject.Limits.DeclaredDrops.Contains(name), values) switch
        {
            (true, 0) => new(LintSeverity.Info, name, $"{what}, as the release declares"),
            (true, _) => new(LintSeverity.Warning, name, $"{what}, as the release declares"),
            (false, > 0) => new(LintSeverity.Block, name, what),
            (false, _) => new(LintSeverity.High, name, what),
        };

    /// <summary>Only what is really gone: what was rolled back is in the log as well.</summary>
    private static IEnumerable<LintHit> Collateral(LintSubject subject)
    {
        var columns = subject.Observed.DroppedColumns.Select(column => column.Table).ToHashSet(StringComparer.Ordinal);
        return from item in subject.Observed.Dropped
            where item is { IsOriginal: false, IsTemporary: false }
            where
                item.Type is "table constraint"
                    ? item.Table is { } table
                        && subject.Observed.After.Find(table) is not null
                        && !columns.Contains(table)
                        && IsGone(subject, $"{table}.{item.Identity.Split(" on ")[0]}")
                    : item.Type is "view" or "materialized view" && subject.HasLost(item.Identity)
            select new LintHit(
                LintSeverity.High,
                item.Identity,
                $"the {item.Type} {item.Identity} went with something else"
            );
    }

    private static bool IsGone(LintSubject subject, string constraint) =>
        subject.Observed.Before.Constraints.Any(item => item.Key == constraint)
        && !subject.Observed.After.Constraints.Any(item => item.Key == constraint);

    private static IEnumerable<LintHit> Emptied(LintSubject subject) =>
        from rows in subject.Observed.Tables
        where rows is { Before: > 0, After: 0 } && rows.Deleted < rows.Before
        let before = subject.Observed.Before.Find(rows.Table)
        let after = subject.Observed.After.Find(rows.Table)
        where before is not null && after is not null && before.Oid == after.Oid && before.FileNode != after.FileNode
        select Dropped(
            subject,
            rows.Table,
            rows.Before,
            Text($"{rows.Table} had {rows.Before} rows and was emptied at one stroke")
        );
}
