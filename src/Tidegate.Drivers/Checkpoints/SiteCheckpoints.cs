using Tidegate.ControlPlane.Checkpoints;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Checkpoints;

/// <summary>The checkpoints of a site: each a closed database and a tree of links to the files that the tenant had.</summary>
public sealed class SiteCheckpoints(SiteLayout layout, SitePostgres site, CheckpointDatabases databases)
    : ISiteCheckpoints
{
    /// <inheritdoc />
    public async Task<IReadOnlyList<KeptCheckpoint>> ListAsync(CancellationToken cancellationToken) =>
        [
            .. (await databases.ListAsync(cancellationToken)).Select(found => new KeptCheckpoint(
                found.Swap.Upgrade,
                found.Swap.Tenant,
                found.Swap.Database,
                found.Name,
                found.SizeBytes,
                found.Swap.SwappedAt
            )
            {
                IsKept = found.Swap.IsKept,
            }),
        ];

    /// <inheritdoc />
    /// <exception cref="StaleEpochException">This control plane is old; nothing was dropped.</exception>
    public async Task<string?> DropAsync(KeptCheckpoint checkpoint, long epoch, CancellationToken cancellationToken)
    {
        await using var session = await FencedSession.OpenAsync(site, checkpoint.Tenant, epoch, cancellationToken);
        // The files first: what is dropped by half is still found by its database, and dropped whole the next time.
        var files = layout.Checkpoint(checkpoint.Upgrade);
        if (Directory.Exists(files))
        {
            Directory.Delete(files, recursive: true);
        }

        return await databases.DropAsync(session, checkpoint.Live, checkpoint.Upgrade, cancellationToken);
    }
}
