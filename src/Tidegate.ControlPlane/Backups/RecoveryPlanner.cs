using System.Collections.Immutable;
using System.Globalization;

namespace Tidegate.ControlPlane.Backups;

/// <summary>Up to where the archive of a cluster reaches.</summary>
/// <param name="Timeline">The one that is followed.</param>
/// <param name="Position">All before is archived.</param>
/// <param name="CommittedAt">When a transaction was committed whose commit is archived; null when that is not known.</param>
public sealed record ArchiveEnd(uint Timeline, WalPosition Position, DateTimeOffset? CommittedAt);

/// <summary>A recovery of which everything needed is there.</summary>
/// <param name="StopBefore">Where replaying ends; null where a moment or the end of what there is decides.</param>
/// <param name="Until">All that can have to be replayed lies before this place.</param>
public sealed record RecoveryPlan(
    ClusterBackup Backup,
    RecoveryTarget Target,
    uint Timeline,
    WalPosition? StopBefore,
    WalPosition Until
);

/// <summary>What comes of planning: a plan, or why there is none.</summary>
public sealed record RecoveryPlanning(RecoveryPlan? Plan, string? Refusal);

/// <summary>
/// Chooses the backup for a target and says before anything is restored whether the target can be reached: PostgreSQL
/// itself finds out only after it has replayed everything there is.
/// </summary>
public static class RecoveryPlanner
{
    /// <param name="label">The backup that is wanted; null for the newest from which the target can be reached.</param>
    /// <param name="recorded">Where the restore point lies that the target names; null when it was never recorded.</param>
    public static RecoveryPlanning Plan(
        RecoveryTarget target,
        string? label,
        ImmutableArray<ClusterBackup> backups,
        ArchiveEnd end,
        WalPosition? recorded
    )
    {
        var named = label is null
            ? backups
            : [.. backups.Where(backup => string.Equals(backup.Label, label, StringComparison.Ordinal))];
        if (named.IsEmpty)
        {
            return Refused(
                label is null
                    ? "there is no backup of the cluster; make one: tidegate backup run"
                    : $"there is no backup {label}; tidegate backup list shows those there are."
            );
        }

        return Place(target, end, recorded, out var stop) is { } refusal ? Refused(refusal)
            : Choose(target, named, stop) is { } backup
                ? new(new(backup, target, end.Timeline, stop, stop ?? end.Position), null)
            : Refused(TooEarly(target, label, named));
    }

    private static string? Place(RecoveryTarget target, ArchiveEnd end, WalPosition? recorded, out WalPosition? stop)
    {
        stop = target switch
        {
            RecoveryTarget.Lsn lsn => WalPosition.TryParse(lsn.Value),
            RecoveryTarget.RestorePoint => recorded,
            _ => null,
        };
        return target switch
        {
            RecoveryTarget.Lsn lsn when stop is null =>
                $"\"{lsn.Value}\" is no place in the log; one looks like 0/5000028.",
            RecoveryTarget.Lsn when stop > end.Position =>
                $"the archive reaches to {end.Position}, and {stop} lies beyond.",
            RecoveryTarget.RestorePoint point when stop is null =>
                $"no restore point \"{point.Name}\" was recorded; use a time or a place in the log.",
            RecoveryTarget.RestorePoint point when stop > end.Position =>
                $"restore point {point.Name} lies at {stop}, and the archive reaches only to {end.Position}.",
            RecoveryTarget.Time time when end.CommittedAt is not { } committed =>
                $"it is not known whether anything was archived that was committed after {Moment(time.At)}; use a place in the log, or all there is.",
            RecoveryTarget.Time time when time.At >= end.CommittedAt =>
                $"nothing is archived that was committed after {Moment(time.At)}: the last commit known to be archived is of {Moment(end.CommittedAt.Value)}.",
            _ => null,
        };
    }

    private static ClusterBackup? Choose(
        RecoveryTarget target,
        ImmutableArray<ClusterBackup> backups,
        WalPosition? stop
    ) =>
        backups
            .Where(backup =>
                target is RecoveryTarget.Time time
                    ? backup.ReachableFrom <= time.At
                    : stop is not { } place || backup.Stop <= place
            )
            .MaxBy(backup => backup.Stop);

    private static string TooEarly(RecoveryTarget target, string? label, ImmutableArray<ClusterBackup> backups)
    {
        var first = backups.MinBy(backup => backup.Stop)!;
        var what = target switch
        {
            RecoveryTarget.Time time => Moment(time.At),
            RecoveryTarget.Lsn lsn => lsn.Value,
            RecoveryTarget.RestorePoint point => $"restore point {point.Name}",
            _ => "that",
        };
        return label is null
            ? $"{what} lies before the oldest backup, {first.Label}: it reaches from {Moment(first.ReachableFrom)} ({first.Stop}) on."
            : $"backup {label} reaches from {Moment(first.ReachableFrom)} ({first.Stop}) on, and {what} lies before; leave the backup out to have one chosen.";
    }

    private static string Moment(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    private static RecoveryPlanning Refused(string reason) => new(null, reason);
}
