using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>Ways back of the data of this home's tenants.</summary>
internal sealed class SiteRestores(
    SitePostgres site,
    CheckpointDatabases checkpoints,
    RestoreStates states,
    TimeProvider clock
) : ISiteRestores
{
    /// <inheritdoc />
    public async Task<TenantStates> StatesAsync(TenantName tenant, string database, CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        var kept = await checkpoints.ListAsync(cancellationToken);
        return new(
            await TenantHistories.ReadAsync(session, database, cancellationToken),
            [
                .. kept.Where(found => found.Swap.Database == database)
                    .OrderByDescending(found => found.Swap.SwappedAt)
                    .Select(found => new KeptState(
                        found.Swap.Upgrade,
                        found.Name,
                        found.Swap.OidBefore,
                        found.SizeBytes,
                        found.Swap.SwappedAt,
                        found.Swap.Transaction,
                        found.Swap.Mails
                    )),
            ]
        );
    }

    /// <inheritdoc />
    public async Task<WayBackPrice> PriceAsync(string database, WrittenSince since, CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(database, DatabaseNames.SiteRole, cancellationToken);
        await session.ExecuteAsync("SET default_transaction_read_only = on", cancellationToken);
        var rows = await WrittenRows.ReadAsync(session, since, DocumentReader.Tables, cancellationToken);
        return new(
            since.Point,
            clock.GetUtcNow(),
            IsExact: false,
            await new DocumentReader(session, rows).ReadAsync(cancellationToken),
            await new LeftReader(session, rows).ReadAsync(cancellationToken)
        );
    }

    /// <inheritdoc />
    public Task<JudgedPoint> JudgeAsync(JudgePoint question, CancellationToken cancellationToken) =>
        states.Judge.JudgeAsync(question, cancellationToken);

    /// <inheritdoc />
    public async Task<PreparedState> PrepareAsync(
        StateOrder order,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    ) =>
        order.Target switch
        {
            RestoreTarget.Checkpoint(var upgrade) => await states.Checkpoint.PrepareAsync(
                order,
                (await StatesAsync(order.Tenant, order.Database, cancellationToken)).Checkpoints.FirstOrDefault(kept =>
                    kept.Upgrade == upgrade
                )
                    ?? throw new JobFailedException(
                        $"checkpoint {upgrade} of {order.Tenant} is gone; tidegate checkpoint list shows those there are."
                    ),
                report,
                cancellationToken
            ),
            RestoreTarget.Backup(var id) when PointJudge.RecoveryOf(order.Target) is null =>
                await states.Backup.PrepareAsync(order, new(id), report, cancellationToken),
            _ => await states.Moment.PrepareAsync(order, report, cancellationToken),
        };

    /// <inheritdoc />
    public Task<string> KeepAsync(
        StateOrder order,
        PreparedState state,
        ReleaseDigest release,
        CancellationToken cancellationToken
    ) => states.Copy.KeepAsync(order, release, cancellationToken);

    /// <inheritdoc />
    public Task CleanUpAsync(StateOrder order, CancellationToken cancellationToken) =>
        states.Remains.CleanUpAsync(order, cancellationToken);

    /// <inheritdoc />
    public Task DropAsync(StateOrder order, CancellationToken cancellationToken) =>
        states.Remains.DropAsync(order, cancellationToken);
}
