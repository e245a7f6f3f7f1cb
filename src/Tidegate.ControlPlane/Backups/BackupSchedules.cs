using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Backups;

/// <summary>How often a site's cluster is backed up, whoever said it: git where it does, else who gave the order last.</summary>
public sealed class BackupSchedules(BackupStore store, BackupTermsStore terms)
{
    /// <summary>Null when nobody has said.</summary>
    public async Task<BackupSchedule?> OfAsync(SiteName site, CancellationToken cancellationToken) =>
        await InGitAsync(site, cancellationToken) ?? await store.ScheduleAsync(site, cancellationToken);

    /// <summary>Null when git does not say: then it may be ordered.</summary>
    public async Task<BackupSchedule?> InGitAsync(SiteName site, CancellationToken cancellationToken) =>
        await terms.FindAsync(site, cancellationToken) is { Cluster: { } said }
            ? new(said.FullEvery, said.DifferentialEvery)
            : null;

    /// <summary>Full backups that are kept of a site.</summary>
    public async Task<int> FullsKeptAsync(SiteName site, CancellationToken cancellationToken) =>
        (await terms.FindAsync(site, cancellationToken))?.Cluster?.FullsKept ?? ClusterBackupTerms.DefaultFullsKept;
}
