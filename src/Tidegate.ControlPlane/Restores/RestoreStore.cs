using Dapper;
using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Restores;

/// <summary>What the control plane knows of the upgrades that changed a tenant's release, and of ways back that are under way.</summary>
public sealed class RestoreStore(NpgsqlDataSource database)
{
    /// <summary>The upgrade, or null when this control plane does not know it.</summary>
    public async Task<KnownUpgrade?> FindAsync(UpgradeId upgrade, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<UpgradeRow>(
            new CommandDefinition(
                """
                select rollout, target #>> '{from,name}' as fromname, target #>> '{from,digest}' as fromdigest,
                       target #>> '{to,name}' as toname, target #>> '{to,digest}' as todigest
                  from upgrade where id = @id
                """,
                new { id = upgrade.Value },
                cancellationToken: cancellationToken
            )
        );
        return row is null
            ? null
            : new(
                new RolloutId(row.Rollout),
                new(row.FromName, ReleaseDigest.Create(row.FromDigest)),
                new(row.ToName, ReleaseDigest.Create(row.ToDigest))
            );
    }

    /// <summary>The rollout that works on the tenant and gives no way: it has begun, and does more than watch. Null when none does.</summary>
    public async Task<string?> InTheWayAsync(TenantName tenant, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<string?>(
            new CommandDefinition(
                """
                select rollout from upgrade
                 where tenant = @tenant and state not in ('ended', 'pending')
                   and not (state = 'forward' and steps -> position ->> 'kind' = 'bake')
                """,
                new { tenant = tenant.Value },
                cancellationToken: cancellationToken
            )
        );
    }

    /// <summary>Whether a rollout of this id was started.</summary>
    public async Task<bool> IsStartedAsync(RolloutId rollout, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                "select exists (select from rollout where id = @id)",
                new { id = rollout.Value },
                cancellationToken: cancellationToken
            )
        );
    }

    /// <summary>Whether somebody has what a job brought: its rollout, or whoever was told that it is done.</summary>
    public async Task<bool> IsTakenAsync(JobId job, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                """
                select exists (select from rollout where id = @rollout)
                    or exists (select from job where id = @job and outcome = 'done')
                """,
                new { rollout = RestoreJob.RolloutOf(job).Value, job = job.Value },
                cancellationToken: cancellationToken
            )
        );
    }

    private sealed record UpgradeRow(
        string Rollout,
        string FromName,
        string FromDigest,
        string ToName,
        string ToDigest
    );
}

/// <summary>An upgrade's releases and its rollout.</summary>
public sealed record KnownUpgrade(RolloutId Rollout, ReleaseRef From, ReleaseRef To);
