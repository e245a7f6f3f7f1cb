using Dapper;
using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Checkpoints;

/// <summary>What the control plane knows of the upgrades that left checkpoints, and the ledger of dropping them.</summary>
public sealed class CheckpointStore(NpgsqlDataSource database)
{
    private const string Step = "drop-checkpoint";

    /// <summary>The upgrades of these ids that are known.</summary>
    public async Task<IReadOnlyDictionary<UpgradeId, CheckpointOrigin>> OriginsAsync(
        IEnumerable<UpgradeId> upgrades,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<OriginRow>(
            new CommandDefinition(
                """
                select id, rollout, tenant, target #>> '{from,name}' as release, target #>> '{from,digest}' as digest,
                       site, state <> 'ended' as isinuse
                  from upgrade where id = any(@ids)
                """,
                new { ids = upgrades.Select(upgrade => upgrade.Value).ToArray() },
                cancellationToken: cancellationToken
            )
        );
        return rows.ToDictionary(
            row => new UpgradeId(row.Id),
            row => new CheckpointOrigin(
                new RolloutId(row.Rollout),
                row.Tenant,
                row.Release,
                row.Digest,
                new SiteName(row.Site),
                row.IsInUse
            )
        );
    }

    /// <summary>The rollout that works on a tenant or will; null when none does.</summary>
    public async Task<string?> BusyWithAsync(string tenant, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<string?>(
            new CommandDefinition(
                "select rollout from upgrade where tenant = @tenant and state <> 'ended'",
                new { tenant },
                cancellationToken: cancellationToken
            )
        );
    }

    /// <summary>Writes into the ledger what is about to be dropped, or was.</summary>
    /// <param name="kind"><c>intent</c> or <c>outcome</c>.</param>
    public async Task LogAsync(
        string kind,
        CheckpointDrop drop,
        string? reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                """
                insert into ledger (at, kind, actor, rollout, upgrade, tenant, step, epoch, digest, reason)
                values (@now, @kind, @actor, @rollout, @upgrade, @tenant, @step, @epoch, @digest, @reason)
                """,
                new
                {
                    now = now.ToUniversalTime(),
                    kind,
                    actor = drop.Actor,
                    rollout = drop.Origin.Rollout.Value,
                    upgrade = drop.Upgrade.Value,
                    tenant = drop.Origin.Tenant,
                    step = Step,
                    epoch = drop.Epoch,
                    digest = drop.Origin.Digest,
                    reason,
                },
                cancellationToken: cancellationToken
            )
        );
    }

    private sealed record OriginRow(
        string Id,
        string Rollout,
        string Tenant,
        string Release,
        string Digest,
        string Site,
        bool IsInUse
    );
}

/// <summary>Where a checkpoint comes from.</summary>
/// <param name="Release">The release that it belongs to.</param>
/// <param name="Digest">That release's.</param>
/// <param name="Site">Where it is kept.</param>
/// <param name="IsInUse">The upgrade has not ended.</param>
public sealed record CheckpointOrigin(
    RolloutId Rollout,
    string Tenant,
    string Release,
    string Digest,
    SiteName Site,
    bool IsInUse
);

/// <summary>One order to drop a checkpoint, for the ledger.</summary>
public sealed record CheckpointDrop(UpgradeId Upgrade, CheckpointOrigin Origin, string Actor, long Epoch);
