using System.Collections.Immutable;
using System.Globalization;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Chooses how a tenant's checkpoint is made, by its size, the bound of its hold, and what its site has measured. Pure.</summary>
public static class CheckpointStrategyPlanner
{
    private const string LiveMigration =
        "would migrate the live database in place, which is not offered: a migration that fails would leave it broken until it is restored";

    /// <summary>What a clone takes beside the pace's fixed part: its metadata.</summary>
    private static readonly TimeSpan CloneTime = TimeSpan.FromSeconds(1);

    public static StrategyChoice Choose(StrategyQuestion question)
    {
        if (question.Site.Probe is { CopiesAreClones: true })
        {
            return Room(question) is { } full ? full : Clone(question);
        }

        return question.Bytes > question.MaxBytes
                ? new StrategyChoice.Refused(
                    $"is {question.Bytes >> 20} MB, and the policy copies at most {question.MaxBytes >> 20} MB inside a hold; raise that (--max-database-mb) or wait for the strategy \"in-place with restore point\"."
                )
            : Room(question) is { } little ? little
            : Copy(question);
    }

    private static StrategyChoice.Chosen Clone(StrategyQuestion question)
    {
        var hold = question.Site.Pace.Fixed + CloneTime;
        return new(
            CheckpointStrategy.Clone,
            Text($"the disk clones files, so size does not matter; about {hold.TotalSeconds:0} s"),
            hold,
            [
                new(CheckpointStrategy.FileCopy, "a clone is faster"),
                new(CheckpointStrategy.WalLog, "a clone is faster"),
                .. InPlace(),
            ]
        );
    }

    private static StrategyChoice.Chosen Copy(StrategyQuestion question)
    {
        var (pace, backup) = (question.Site.Pace, question.Site.BackupRuns);
        var hold = pace.HoldOf(question.Bytes);
        var by =
            pace.Cutovers == 0
                ? "by a guess: this site has measured too few cutovers"
                : Text($"by {pace.Cutovers} cutovers of this site");
        var fits =
            hold <= question.HoldBound
                ? Text($"about {hold.TotalSeconds:0} s of at most {question.HoldBound.TotalSeconds:0} s")
                : Text(
                    $"about {hold.TotalSeconds:0} s, longer than visitors are held ({question.HoldBound.TotalSeconds:0} s): they see the maintenance page"
                );
        RejectedStrategy other = backup
            ? new(
                CheckpointStrategy.FileCopy,
                "a backup of the cluster runs: together they corrupt what is restored from it"
            )
            : new(
                CheckpointStrategy.WalLog,
                "slower; taken by itself when a backup of the cluster runs at that moment"
            );
        return new(
            backup ? CheckpointStrategy.WalLog : CheckpointStrategy.FileCopy,
            $"{fits} ({by})",
            hold,
            [
                other,
                new(CheckpointStrategy.Clone, question.Site.Probe?.Says ?? "the site's disk was not probed yet"),
                .. InPlace(),
            ]
        );
    }

    private static ImmutableArray<RejectedStrategy> InPlace() =>
        [new(CheckpointStrategy.Dump, LiveMigration), new(CheckpointStrategy.RestorePoint, LiveMigration)];

    /// <summary>Null where there is room for the copy and the write-ahead log of the migration beside it, or nobody has looked. A clone shares its blocks until the migration writes them: it may need as much.</summary>
    private static StrategyChoice.Refused? Room(StrategyQuestion question)
    {
        var needed = question.Bytes + (question.Bytes / 5);
        return question.Site.FreeBytes is { } free && free < needed
            ? new StrategyChoice.Refused(
                $"needs {needed >> 20} MB for its checkpoint (1.2 times its size), and the disk of its site has {free >> 20} MB free; drop a checkpoint (tidegate checkpoint list) or enlarge the disk."
            )
            : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
