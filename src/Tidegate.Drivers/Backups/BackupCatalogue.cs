using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Backups;

/// <summary>Takes what the repository lists into the catalogue.</summary>
public sealed class BackupCatalogue(PgBackRest repository, BackupStore store, TimeProvider clock)
{
    /// <returns>What there is now, the oldest first.</returns>
    public async Task<ImmutableArray<ClusterBackup>> SyncAsync(SiteName site, CancellationToken cancellationToken)
    {
        var listed = await repository.ListAsync(cancellationToken);
        var known = await store.KnownAsync(site, cancellationToken);
        var all = ImmutableArray.CreateBuilder<(ClusterBackup, ImmutableArray<BackedUpDatabase>)>(listed.Length);
        foreach (var backup in listed)
        {
            all.Add(
                (
                    backup,
                    known.Contains(backup.Label) ? [] : await repository.DatabasesAsync(backup.Label, cancellationToken)
                )
            );
        }

        await store.SaveAsync(site, all.DrainToImmutable(), clock.GetUtcNow(), cancellationToken);
        return listed;
    }
}
