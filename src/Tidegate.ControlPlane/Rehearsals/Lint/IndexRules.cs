using static Tidegate.ControlPlane.Rehearsals.Lint.LintSubject;

namespace Tidegate.ControlPlane.Rehearsals.Lint;

/// <summary>Indexes that were made, dropped, or left broken.</summary>
internal static class IndexRules
{
    private const double FeltMs = 1000;
    private const int ManyColumns = 3;

    public static IEnumerable<LintRule> All =>
        [
            new(
                7,
                "index-build",
                "nobody can write the table while the index is built",
                "build it beforehand with CREATE INDEX CONCURRENTLY under the same name: Odoo then finds it there",
                Built
            ),
            new(
                8,
                "index-dropped",
                "the table is closed for a moment, and queries that used the index get slow",
                "drop it after the release, with DROP INDEX CONCURRENTLY, once nothing uses it",
                Dropped
            ),
            new(
                9,
                "unique-index-build",
                "it is built while nobody can write, and fails where two rows have the same value",
                "build a unique index concurrently beforehand and let the constraint use it",
                Unique
            ),
            new(
                17,
                "foreign-key-without-index",
                "each delete of a referenced row reads the whole referencing table",
                "declare index=True on the field",
                Unindexed
            ),
            new(38, "wide-index", "each write pays for it", "keep the columns that queries filter by", Wide),
            new(
                39,
                "invalid-index",
                "it is of no use and costs each write",
                "drop it and build it again; what made it fail is in the log",
                Invalid
            ),
        ];

    private static IEnumerable<LintHit> Built(LintSubject subject) =>
        from command in subject.Done
        where command.Tag is "CREATE INDEX"
        where !command.Line.Contains(" CONCURRENTLY ", StringComparison.OrdinalIgnoreCase)
        from item in command.Objects
        where item.Table is not null && !subject.NewTables.Contains(item.Table)
        select new LintHit(
            command.Ms >= FeltMs ? LintSeverity.High : LintSeverity.Warning,
            item.Identity,
            Text($"{item.Identity} on {item.Table}{subject.Rows(item.Table!)} was built in {command.Ms / 1000:0.00} s")
        );

    private static IEnumerable<LintHit> Dropped(LintSubject subject) =>
        from item in subject.Observed.Dropped
        where item is { Type: "index", IsOriginal: true, IsTemporary: false }
        where subject.HasLost(item.Identity)
        select new LintHit(LintSeverity.Warning, item.Identity, $"the index {item.Identity} was dropped");

    private static IEnumerable<LintHit> Unique(LintSubject subject)
    {
        var old = subject.Observed.Before.Indexes.Select(index => index.Name).ToHashSet(StringComparer.Ordinal);
        return from constraint in subject.NewConstraints()
            where constraint.Kind is "u" or "p" && constraint.Index is { } index && !old.Contains(index)
            select new LintHit(
                subject.BySize(constraint.Table),
                constraint.Key,
                $"{constraint.Key} built its index on {constraint.Table}{subject.Rows(constraint.Table)}: {constraint.Definition}"
            );
    }

    private static IEnumerable<LintHit> Unindexed(LintSubject subject)
    {
        var leading = subject
            .Observed.After.Indexes.Where(index => !index.Columns.IsEmpty)
            .Select(index => (index.Table, index.Columns[0]))
            .ToHashSet();
        var old = subject.Observed.Before.Constraints.Select(item => item.Key).ToHashSet(StringComparer.Ordinal);
        return from constraint in subject.Observed.After.Constraints
            where constraint.Kind is "f" && !old.Contains(constraint.Key) && !constraint.Columns.IsEmpty
            // Odoo puts these on every table, and nobody deletes users.
            where constraint.Columns[0] is not ("create_uid" or "write_uid")
            where !leading.Contains((constraint.Table, constraint.Columns[0]))
            select new LintHit(
                LintSeverity.Warning,
                constraint.Key,
                $"{constraint.Table}.{constraint.Columns[0]} refers to another table and has no index"
            );
    }

    private static IEnumerable<LintHit> Wide(LintSubject subject) =>
        subject
            .NewIndexes()
            .Where(index => !index.IsUnique && index.Columns.Length > ManyColumns)
            .Select(index => new LintHit(
                LintSeverity.Info,
                index.Name,
                Text($"{index.Name} on {index.Table} has {index.Columns.Length} columns")
            ));

    private static IEnumerable<LintHit> Invalid(LintSubject subject)
    {
        var old = subject
            .Observed.Before.Indexes.Where(index => !index.IsValid)
            .Select(index => index.Name)
            .ToHashSet(StringComparer.Ordinal);
        return subject
            .Observed.After.Indexes.Where(index => !index.IsValid && !old.Contains(index.Name))
            .Select(index => new LintHit(
                LintSeverity.Block,
                index.Name,
                $"the index {index.Name} on {index.Table} was left invalid"
            ));
    }
}
