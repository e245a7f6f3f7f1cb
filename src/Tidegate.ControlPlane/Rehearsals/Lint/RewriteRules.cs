using Tidegate.ControlPlane.Rehearsals.Observed;
using static Tidegate.ControlPlane.Rehearsals.Lint.LintSubject;

namespace Tidegate.ControlPlane.Rehearsals.Lint;

/// <summary>Tables that were written anew.</summary>
internal static class RewriteRules
{
    public static IEnumerable<LintRule> All =>
        [
            new(
                1,
                "table-rewrite",
                "the table is closed for everybody while it is copied, and takes twice its disk and its size in WAL",
                "add a column beside it and fill it in batches, or accept the time in the hold",
                Rewritten
            ),
            new(
                2,
                "hidden-rewrite",
                "VACUUM FULL, CLUSTER or another tablespace copies the whole table under an exclusive lock",
                "leave it out of the migration; pg_repack does it while people work",
                WrittenAnew
            ),
        ];

    private static IEnumerable<LintHit> Rewritten(LintSubject subject) =>
        subject
            .Observed.Rewrites.Where(rewrite => !subject.NewTables.Contains(rewrite.Table))
            .GroupBy(rewrite => rewrite.Table, StringComparer.Ordinal)
            .Select(table => new LintHit(
                Severity(subject, table.Key),
                table.Key,
                Text(
                    $"{table.Key}{subject.Rows(table.Key)} was written anew {Times(table.Count())}, for {Reasons(table)}"
                )
            ));

    /// <summary>What was seen to take longer than the budget is no matter of opinion.</summary>
    private static LintSeverity Severity(LintSubject subject, string table) =>
        subject.Observed.Locks.Any(held =>
            held.Table == table
            && held.Mode is "AccessExclusiveLock"
            && held.LongestMs > subject.Limits.LockBudget.TotalMilliseconds
        )
            ? LintSeverity.Block
            : LintSeverity.High;

    private static IEnumerable<LintHit> WrittenAnew(LintSubject subject)
    {
        var told = subject.Observed.Rewrites.Select(rewrite => rewrite.Table).ToHashSet(StringComparer.Ordinal);
        return from before in subject.Observed.Before.Relations
            where before.Kind is "r" or "m" && !told.Contains(before.Name)
            let after = subject.Observed.After.Find(before.Name)
            where after is not null && after.Oid == before.Oid
            where after.FileNode != before.FileNode || after.Tablespace != before.Tablespace
            // Emptied: another rule tells it.
            where subject.Observed.RowsOf(before.Name) is not { After: 0 }
            select new LintHit(
                LintSeverity.High,
                before.Name,
                $"{before.Name}{subject.Rows(before.Name)} lies in another file than before, and no statement said so"
            );
    }

    private static string Times(int count) => count == 1 ? "once" : Text($"{count} times");

    private static string Reasons(IEnumerable<TableRewrite> rewrites)
    {
        var bits = rewrites.Aggregate(0, (all, rewrite) => all | rewrite.Reason);
        (int Bit, string Word)[] words =
        [
            (1, "its persistence"),
            (2, "a default that is computed for each row"),
            (4, "a column's new type"),
            (8, "its access method"),
        ];
        var said = words.Where(word => (bits & word.Bit) != 0).Select(word => word.Word).ToList();
        return said.Count == 0 ? "a reason that PostgreSQL does not say" : string.Join(" and ", said);
    }
}
