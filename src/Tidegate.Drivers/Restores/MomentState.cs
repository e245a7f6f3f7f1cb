using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Backups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Sites;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.Restores;

/// <summary>
/// Brings what a tenant was at a point of its cluster's log: its database alone is recovered on a side cluster, carried
/// beside the live one, and compared there row by row. The tenant and all others serve meanwhile.
/// </summary>
internal sealed class MomentState(
    SiteLayout layout,
    SitePostgres site,
    SideClusters sides,
    PgBackRest repository,
    StateFiles files,
    TimeProvider clock
)
{
    public async Task<PreparedState> PrepareAsync(
        StateOrder order,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    )
    {
        var (target, label) = PointJudge.RecoveryOf(order.Target)!.Value;
        var side = await sides.RestoreAsync(new(order.Job, label, target, [order.Database]), report, cancellationToken);
        var (then, since) = await ThenAsync(order, side, cancellationToken);
        await report(new("carrying the database beside the live one"), cancellationToken);
        var begun = clock.GetTimestamp();
        var state = new StateDatabase(site, order);
        var tables = await CarryAsync(order, side, state, cancellationToken);
        var extract = clock.GetElapsedTime(begun);
        await report(new("verifying its files"), cancellationToken);
        FileCheck check;
        await using (var inside = await state.OpenAsync(cancellationToken))
        {
            check = await files.GatherAsync(order, inside, cancellationToken);
        }

        var (oid, bytes) = await state.CloseAsync(cancellationToken);
        await sides.RemoveAsync(order.Job, cancellationToken);
        var recovery = side.Recovery!;
        return new(
            new(state.Name, oid, null, Path.GetRelativePath(layout.Home, layout.RestoredBy(order.Job))),
            since,
            then.Arrived,
            then.Left,
            check.Verified,
            check.Generated.Length,
            string.Create(
                CultureInfo.InvariantCulture,
                $"out of backup {recovery.BackupLabel}, replayed to {recovery.ReachedLsn}: {tables} tables compared row by row, {check.Verified} files verified by their sha1"
            )
        )
        {
            Bytes = bytes,
            Folder = layout.RestoredBy(order.Job),
            Times = new(recovery.Fetch.TotalSeconds, recovery.Replay.TotalSeconds, extract.TotalSeconds),
            Compared = tables,
        };
    }

    /// <summary>How many tables are the same here and there.</summary>
    private async Task<int> CarryAsync(
        StateOrder order,
        SideCluster side,
        StateDatabase state,
        CancellationToken cancellationToken
    )
    {
        await state.CreateAsync(cancellationToken);
        var there = await FingerprintsAsync(
            () => side.Postgres.OpenAsync(order.Database, SitePostgres.Superuser, cancellationToken),
            cancellationToken
        );
        await new StateTransfer(layout).RunAsync(
            side.Postgres,
            order.Database,
            state,
            Path.Combine(layout.Work(order.Job), "carried"),
            cancellationToken
        );
        var here = await FingerprintsAsync(() => state.OpenAsync(cancellationToken), cancellationToken);
        await using (var inside = await state.OpenAsync(cancellationToken))
        {
            await inside.ExecuteAsync("ANALYZE", cancellationToken);
        }

        var differences = RestoredComparison.Tables(there, here).ToList();
        return differences.Count == 0
            ? here.Length
            : throw new JobFailedException(
                $"what was carried over is not what was recovered: {string.Join("; ", differences.Take(5))}. Nothing was changed; order it again."
            );
    }

    private static async Task<ImmutableArray<TableFingerprint>> FingerprintsAsync(
        Func<Task<PostgresSession>> open,
        CancellationToken cancellationToken
    )
    {
        await using var session = await open();
        await session.ExecuteAllAsync(TableFingerprints.Settings, cancellationToken);
        return await TableFingerprints.ReadAsync(session, cancellationToken);
    }

    /// <summary>Whose database it was, by what the cluster itself had recorded then; and since when what was written is lost.</summary>
    private async Task<(DatabaseThen Then, WrittenSince Since)> ThenAsync(
        StateOrder order,
        SideCluster side,
        CancellationToken cancellationToken
    )
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        var now = await TenantHistories.ReadAsync(session, order.Database, cancellationToken);
        var recorded = await TenantHistories.FindAsync(side.Postgres, order.Database, cancellationToken);
        var then = recorded is null ? now.At(WalPosition.Parse(side.Recovery!.ReachedLsn)) : now.At(recorded);
        if (recorded is not null && recorded.Live != then.Oid && order.Into is null)
        {
            throw new JobFailedException(
                $"database {order.Database} of that point (OID {recorded.Live}) is not what the site's record of {order.Tenant}'s changes leads to (OID {then.Oid}): somebody replaced it by other means. Nothing was changed; look at it first: --into NAME."
            );
        }

        var point = order.Target is RestoreTarget.Time(var at)
            ? at
            : side.Recovery!.LastCommit ?? await StoppedAsync(side.Recovery.BackupLabel, cancellationToken);
        return (then, new(point, null, then.Upgraded));
    }

    private async Task<DateTimeOffset> StoppedAsync(string label, CancellationToken cancellationToken) =>
        (await repository.ListAsync(cancellationToken)).Single(backup => backup.Label == label).StoppedAt;
}
