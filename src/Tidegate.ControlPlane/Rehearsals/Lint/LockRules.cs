using Tidegate.ControlPlane.Rehearsals.Observed;
using static Tidegate.ControlPlane.Rehearsals.Lint.LintSubject;

namespace Tidegate.ControlPlane.Rehearsals.Lint;

/// <summary>Locks that were held, and for how long.</summary>
internal static class LockRules
{
    private const string Exclusive = "AccessExclusiveLock";
    private const double FeltMs = 1000;

    public static IEnumerable<LintRule> All =>
        [
            new(
                3,
                "exclusive-lock-held",
                "nobody can read or write the table meanwhile",
                "take the statement out of the long transaction, or make what it needs beforehand",
                subject => Over(subject, held => held.Mode is Exclusive, "is closed for readers and writers")
            ),
            new(
                4,
                "statements-under-exclusive-lock",
                "the table stays closed for the sum of everything that follows in the same transaction",
                "put the closing statement last, or into a module of its own",
                UnderLock
            ),
            new(
                5,
                "idle-under-exclusive-lock",
                "Python computes while the table is closed",
                "compute first and change the structure afterwards, or do it in SQL",
                Idle
            ),
            new(
                6,
                "write-lock-held",
                "nobody can write the table meanwhile",
                "build indexes beforehand (CREATE INDEX CONCURRENTLY under the name that Odoo uses)",
                subject =>
                    Over(
                        subject,
                        held => held.Mode is "ShareLock" or "ShareRowExclusiveLock" or "ExclusiveLock",
                        "is closed for writers"
                    )
            ),
            new(
                29,
                "no-lock-timeout",
                "a statement that waits for a lock makes everybody behind it wait",
                "set lock_timeout for the migrator's role",
                NoTimeout
            ),
            new(
                31,
                "lock-without-statement",
                "LOCK TABLE closes a table without any statement that needs it",
                "leave it out; a migration has its database for itself",
                Unexplained
            ),
        ];

    private static IEnumerable<LintHit> Over(LintSubject subject, Func<LockHeld, bool> isMeant, string effect) =>
        subject
            .Observed.Locks.Where(held => isMeant(held) && !subject.NewTables.Contains(held.Table))
            .Where(held => held.LongestMs > subject.Limits.LockBudget.TotalMilliseconds)
            .Select(held => new LintHit(
                held.LongestMs > 2 * subject.Limits.LockBudget.TotalMilliseconds
                    ? LintSeverity.Block
                    : LintSeverity.High,
                held.Table,
                Text(
                    $"{held.Table}{subject.Rows(held.Table)} {effect} for {held.LongestMs / 1000:0.0} s ({held.Mode}); the budget is {subject.Limits.LockBudget.TotalSeconds:0.#} s"
                )
            ));

    private static IEnumerable<LintHit> UnderLock(LintSubject subject)
    {
        foreach (var transaction in subject.Done.GroupBy(command => command.Transaction).Where(group => group.Key != 0))
        {
            var commands = transaction.OrderBy(command => command.Number).ToList();
            var first = commands.FindIndex(command => Closes(subject, command) is not null);
            if (first < 0 || Closes(subject, commands[first]) is not { } table)
            {
                continue;
            }

            var after = commands
                .Skip(first + 1)
                .Count(command => !command.Tables.Contains(table, StringComparer.Ordinal));
            var seconds = (commands[^1].At - commands[first].At).TotalSeconds;
            if (after > 0 && seconds * 1000 > FeltMs)
            {
                yield return new(
                    seconds > subject.Limits.LockBudget.TotalSeconds ? LintSeverity.High : LintSeverity.Warning,
                    table,
                    Text(
                        $"{table}{subject.Rows(table)} is closed by \"{Short(commands[first])}\", and {after} statements about other tables follow in the same transaction, {seconds:0.0} s"
                    )
                );
            }
        }
    }

    private static string? Closes(LintSubject subject, DdlCommand command) =>
        command
            .Objects.FirstOrDefault(item =>
                item is { Lock: Exclusive, Table: not null } && !subject.NewTables.Contains(item.Table)
            )
            ?.Table;

    private static IEnumerable<LintHit> Idle(LintSubject subject) =>
        subject
            .Observed.Locks.Where(held => held.Mode is Exclusive && held.LongestIdleMs > FeltMs)
            .Where(held => !subject.NewTables.Contains(held.Table))
            .Select(held => new LintHit(
                held.LongestIdleMs > subject.Limits.LockBudget.TotalMilliseconds
                    ? LintSeverity.High
                    : LintSeverity.Warning,
                held.Table,
                Text(
                    $"{held.Table}{subject.Rows(held.Table)} is closed for {held.LongestIdleMs / 1000:0.0} s in which PostgreSQL had nothing to do"
                )
            ));

    private static IEnumerable<LintHit> NoTimeout(LintSubject subject) =>
        subject.Observed.Commands.Count(command => command.LockTimeoutMs == 0) is > 0 and var count
            ?
            [
                new(
                    subject.Limits.IsTenantOpen ? LintSeverity.High : LintSeverity.Info,
                    "lock_timeout",
                    Text($"{count} of {subject.Observed.Commands.Length} statements ran without a limit for locks")
                ),
            ]
            : [];

    private static IEnumerable<LintHit> Unexplained(LintSubject subject) =>
        subject
            .Observed.Locks.Where(held => held is { Mode: Exclusive or "ExclusiveLock", WithoutStatement: true })
            .Where(held =>
                !subject.NewTables.Contains(held.Table) && subject.Observed.After.Find(held.Table) is not null
            )
            .Select(held => new LintHit(
                LintSeverity.High,
                held.Table,
                Text(
                    $"{held.Table} was locked ({held.Mode}) for {held.LongestMs / 1000:0.0} s, and no statement explains it"
                )
            ));

    internal static string Short(DdlCommand command) =>
        command.Line.Length > 120 ? $"{command.Line[..120]}…" : command.Line;
}
