using System.Globalization;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.Restores;

/// <summary>Brings what a backup of the tenant alone has.</summary>
internal sealed class BackupState(
    SiteLayout layout,
    SitePostgres site,
    TenantBackupFetch fetch,
    StateFiles files,
    TimeProvider clock
)
{
    public async Task<PreparedState> PrepareAsync(
        StateOrder order,
        TenantBackupId backup,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    )
    {
        var state = new StateDatabase(site, order);
        await state.CreateAsync(cancellationToken);
        var loaded = await fetch.LoadAsync(
            backup,
            new(site, state.Name, state.Owner, layout.RestoredBy(order.Job), layout.Work(order.Job)),
            report,
            cancellationToken
        );
        await report(new("comparing what was restored"), cancellationToken);
        var begun = clock.GetTimestamp();
        var differences = await RestoredComparison.RunAsync(site, state.Name, loaded.Manifest, cancellationToken);
        if (differences is [var first, ..])
        {
            throw new JobFailedException(
                $"backup {backup} did not come back as it was taken: {first}. Nothing was changed; take another: tidegate tenant backups list {order.Tenant}."
            );
        }

        FileCheck check;
        await using (var inside = await state.OpenAsync(cancellationToken))
        {
            await inside.ExecuteAsync("ANALYZE", cancellationToken);
            check = await files.GatherAsync(order, inside, cancellationToken);
        }

        var compared = clock.GetElapsedTime(begun);
        var then = await ThenAsync(order, loaded.Manifest, cancellationToken);
        var (oid, bytes) = await state.CloseAsync(cancellationToken);
        return new(
            new(state.Name, oid, null, Path.GetRelativePath(layout.Home, layout.RestoredBy(order.Job))),
            new(loaded.Manifest.TakenAt, null, then.Upgraded),
            then.Arrived,
            then.Left,
            check.Verified,
            check.Generated.Length,
            string.Create(
                CultureInfo.InvariantCulture,
                $"out of backup {backup}: {loaded.Manifest.Database.Tables.Length} tables compared row by row, {check.Verified} files verified by their sha1"
            )
        )
        {
            Bytes = bytes,
            Folder = layout.RestoredBy(order.Job),
            Times = new(loaded.Fetch.TotalSeconds, 0, (loaded.Restore + compared).TotalSeconds),
            Compared = loaded.Manifest.Database.Tables.Length,
        };
    }

    private async Task<DatabaseThen> ThenAsync(
        StateOrder order,
        TenantManifest manifest,
        CancellationToken cancellationToken
    )
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        var history = await TenantHistories.ReadAsync(session, order.Database, cancellationToken);
        return history.At(WalPosition.Parse(manifest.Database.Lsn));
    }
}
