namespace Tidegate.ControlPlane.Backups;

/// <summary>How often a site's cluster is backed up.</summary>
/// <param name="DifferentialEvery">Null for full ones only.</param>
public sealed record BackupSchedule(TimeSpan FullEvery, TimeSpan? DifferentialEvery)
{
    /// <summary>How old the newest backup may be before somebody should look: half as much again as was asked for.</summary>
    public TimeSpan Overdue => (DifferentialEvery is { } often && often < FullEvery ? often : FullEvery) * 1.5;

    /// <summary>What is to be made now; null when nothing is.</summary>
    /// <param name="backups">Those that there are.</param>
    public BackupType? Due(IReadOnlyCollection<ClusterBackup> backups, DateTimeOffset now) =>
        Newest(backups.Where(backup => backup.Type is BackupType.Full)) is not { } full || now - full >= FullEvery
            ? BackupType.Full
        : DifferentialEvery is { } every && now - Newest(backups) >= every ? BackupType.Differential
        : null;

    private static DateTimeOffset? Newest(IEnumerable<ClusterBackup> backups) =>
        backups.Select(backup => (DateTimeOffset?)backup.StoppedAt).Max();
}
