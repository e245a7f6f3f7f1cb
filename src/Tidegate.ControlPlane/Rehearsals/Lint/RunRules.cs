using System.Globalization;
using static Tidegate.ControlPlane.Rehearsals.Lint.LintSubject;

namespace Tidegate.ControlPlane.Rehearsals.Lint;

/// <summary>The run as a whole.</summary>
internal static class RunRules
{
    private const int ManyAlters = 3;
    private const int SlowAlterMs = 1000;

    public static IEnumerable<LintRule> All =>
        [
            new(
                33,
                "long-transaction",
                "nothing that died since can be cleaned up anywhere in the cluster",
                "split the work: a module or a script of its own commits by itself",
                LongTransaction
            ),
            new(
                34,
                "wal-volume",
                "archive and standbys lag behind, and the disk of the WAL fills",
                "do the mass changes before the release, in batches",
                Wal
            ),
            new(
                35,
                "disk-peak",
                "a full disk stops every tenant of the cluster",
                "make room, or take the checkpoints of ended rollouts away: tidegate checkpoint list",
                Disk
            ),
            new(
                36,
                "repeated-alters",
                "each of them may read the whole table again",
                "put them into one ALTER TABLE",
                Alters
            ),
            new(
                40,
                "triggers-off",
                "rules that triggers keep are off from now on",
                "ALTER TABLE … ENABLE TRIGGER at the end of the script",
                Triggers
            ),
            new(
                41,
                "rights-changed",
                "who may do what is not a release's business, and an extension is code of its own",
                "leave owners and grants to Tidegate; install extensions before the release",
                Rights
            ),
            new(
                42,
                "commits-inside",
                "a migration that stops half-way leaves a half-changed database",
                "nothing to do: the copy is dropped then, and the way back is the checkpoint",
                Commits
            ),
        ];

    private static IEnumerable<LintHit> LongTransaction(LintSubject subject) =>
        subject.Observed.Transactions.LongestSeconds > subject.Limits.LongTransaction.TotalSeconds
            ?
            [
                new(
                    LintSeverity.Warning,
                    "transaction",
                    Text($"one transaction was open for {subject.Observed.Transactions.LongestSeconds:0} s")
                ),
            ]
            : [];

    private static IEnumerable<LintHit> Wal(LintSubject subject) =>
        subject.Observed.Usage.WalBytes > subject.Limits.WalBytes
            ? [new(LintSeverity.High, "wal", $"{Megabytes(subject.Observed.Usage.WalBytes)} MB of WAL were written")]
            : [];

    private static IEnumerable<LintHit> Disk(LintSubject subject)
    {
        var needed = subject.Observed.Usage.DatabaseBytesBefore + subject.Observed.Usage.DiskPeakBytes;
        return subject.Limits.FreeBytes is { } free && free < needed * subject.Limits.DiskFactor
            ?
            [
                new(
                    LintSeverity.Block,
                    "disk",
                    Text(
                        $"the copy and its migration take {Megabytes(needed)} MB, {subject.Limits.DiskFactor:0.0#} times that must be free, and {Megabytes(free)} MB are"
                    )
                ),
            ]
            : [];
    }

    private static IEnumerable<LintHit> Alters(LintSubject subject) =>
        from table in subject
            .Done.Where(command => command.Tag is "ALTER TABLE" && command.Ms >= SlowAlterMs)
            .SelectMany(command => command.Tables.Select(table => (table, command)))
            .GroupBy(pair => pair.table, pair => pair.command, StringComparer.Ordinal)
        where table.Count() >= ManyAlters && !subject.NewTables.Contains(table.Key)
        select new LintHit(
            LintSeverity.Warning,
            table.Key,
            Text(
                $"{table.Key}{subject.Rows(table.Key)} was altered {table.Count()} times at more than a second each, {table.Sum(command => command.Ms ?? 0) / 1000:0.0} s together"
            )
        );

    private static IEnumerable<LintHit> Triggers(LintSubject subject) =>
        from after in subject.Observed.After.Relations
        let before = subject.Observed.Before.Find(after.Name)
        from trigger in after.DisabledTriggers
        where before is null || !before.DisabledTriggers.Contains(trigger, StringComparer.Ordinal)
        select new LintHit(
            LintSeverity.Block,
            after.Name,
            $"the trigger {trigger} of {after.Name} was left switched off"
        );

    private static IEnumerable<LintHit> Rights(LintSubject subject)
    {
        foreach (
            var command in subject.Observed.Commands.Where(command =>
                command.Tag is "GRANT" or "REVOKE" or "CREATE EXTENSION" or "ALTER EXTENSION" or "DROP EXTENSION"
            )
        )
        {
            yield return new(LintSeverity.High, command.Tag, $"the migration ran {LockRules.Short(command)}");
        }

        foreach (
            var (before, after) in subject.Observed.After.Relations.Select(item =>
                (subject.Observed.Before.Find(item.Name), item)
            )
        )
        {
            if (before is not null && before.Owner != after.Owner)
            {
                yield return new(
                    LintSeverity.High,
                    after.Name,
                    $"{after.Name} belongs to {after.Owner} now and belonged to {before.Owner}"
                );
            }
        }

        foreach (
            var extension in subject.Observed.After.Extensions.Except(
                subject.Observed.Before.Extensions,
                StringComparer.Ordinal
            )
        )
        {
            yield return new(LintSeverity.High, "extension", $"the extension {extension} was not there before");
        }
    }

    private static IEnumerable<LintHit> Commits(LintSubject subject) =>
        subject.Observed.Transactions.Written > 1
            ?
            [
                new(
                    LintSeverity.Info,
                    "transactions",
                    Text($"the migration committed {subject.Observed.Transactions.Written} transactions")
                ),
            ]
            : [];

    private static string Megabytes(long bytes) => (bytes >> 20).ToString(CultureInfo.InvariantCulture);
}
