using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Rollouts;

public sealed partial class RolloutStore
{
    public async Task<StartRolloutResult> StartAsync(NewRollout rollout, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Two starts in one environment wait for each other here, so that the second sees the first.
        await using (
            var turn = new NpgsqlCommand("select pg_advisory_xact_lock(hashtext('start'), hashtext($1))", connection)
        )
        {
            Bind(turn, rollout.Plan.Environment.Value);
            await turn.ExecuteNonQueryAsync(cancellationToken);
        }

        if (rollout.Kind is RolloutKind.Release)
        {
            var refusal =
                await BlockAsync(connection, rollout, cancellationToken)
                ?? await InTheWayAsync(connection, rollout, cancellationToken);
            if (refusal is { } reason)
            {
                return new StartRolloutResult.Refused(reason);
            }

            if (await HealingAsync(connection, rollout, cancellationToken) is { } healing)
            {
                return new StartRolloutResult.Healing(healing);
            }
        }

        if (rollout.Kind is RolloutKind.Restore)
        {
            await GiveWayAsync(connection, rollout, cancellationToken);
        }

        await InsertRolloutAsync(connection, rollout, cancellationToken);
        if (rollout.Emergency is { } emergency)
        {
            await InsertEmergencyAsync(connection, rollout, emergency, cancellationToken);
        }

        if (rollout.Work is { } work && !await StartWorkAsync(connection, rollout, work, cancellationToken))
        {
            return new StartRolloutResult.Refused(
                $"what was planned in {rollout.Plan.Environment} does not wait any more: something newer was asked for."
            );
        }

        try
        {
            await CopyUpgradesAsync(connection, rollout, cancellationToken);
        }
        catch (PostgresException busy) when (busy.ConstraintName is "upgrade_busy")
        {
            return new StartRolloutResult.Refused(
                $"another rollout has begun to work on one of these tenants ({busy.Detail}); plan again."
            );
        }

        await transaction.CommitAsync(cancellationToken);
        return new StartRolloutResult.Started(rollout.Id);
    }

    /// <summary>What the plan did not see: the release was blocked meanwhile. Who blocks it now waits for this start.</summary>
    private static async Task<string?> BlockAsync(
        NpgsqlConnection connection,
        NewRollout rollout,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "select block_reason from release where digest = $1 for share",
            connection
        );
        Bind(command, rollout.Plan.Release.Digest.Value);
        return await command.ExecuteScalarAsync(cancellationToken) is string block
            ? $"release {rollout.Plan.Release.Name} was blocked meanwhile: {block}"
            : null;
    }

    /// <summary>Supersedes what runs in the environment where that was asked for; otherwise says that it is in the way.</summary>
    private static async Task<string?> InTheWayAsync(
        NpgsqlConnection connection,
        NewRollout rollout,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            select id, release_name from rollout
             where environment = $1 and state = 'running' and kind = 'release' limit 1
            """,
            connection
        );
        Bind(command, rollout.Plan.Environment.Value);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            if (!rollout.Supersede)
            {
                return $"rollout {reader.GetString(0)} of {reader.GetString(1)} runs in {rollout.Plan.Environment}; wait for it to end or supersede it.";
            }
        }

        await using var supersede = new NpgsqlCommand(
            """
            with older as (
                update rollout set superseded_by = $1, due_at = $3
                 where environment = $2 and state = 'running' and kind = 'release' returning id
            )
            update upgrade set state = 'ended', ending = 'untouched', ended_at = $3, reason = $4
             where rollout in (select id from older) and state = 'pending'
            """,
            connection
        );
        Bind(
            supersede,
            rollout.Id.Value,
            rollout.Plan.Environment.Value,
            rollout.Now,
            StopOrder.Superseded(rollout.Id)
        );
        await supersede.ExecuteNonQueryAsync(cancellationToken);
        return null;
    }

    /// <summary>A release goes before healings that have not begun; one that has is waited for.</summary>
    /// <returns>Null, or one sentence.</returns>
    private static async Task<string?> HealingAsync(
        NpgsqlConnection connection,
        NewRollout rollout,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            with healed as (
                select u.id, u.rollout, u.tenant, u.state from upgrade u join rollout r on r.id = u.rollout
                 where u.tenant = any($1) and u.state <> 'ended' and r.kind = 'healing' for update of u
            ), put_back as (
                update upgrade set state = 'ended', ending = 'untouched', ended_at = $2, reason = $3
                 where id in (select id from healed where state = 'pending')
            ), poked as (
                update rollout set due_at = $2 where id in (select rollout from healed where state = 'pending')
            )
            select tenant, rollout from healed where state <> 'pending' order by tenant limit 1
            """,
            connection
        );
        Bind(
            command,
            rollout.Plan.Waves.SelectMany(wave => wave.Tenants).Select(plan => plan.Target.Tenant.Value).ToList(),
            rollout.Now,
            $"rollout {rollout.Id} goes first"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? $"healing {reader.GetString(1)} works on {reader.GetString(0)}; it takes seconds."
            : null;
    }

    /// <summary>
    /// The way back is never frozen: what has not begun on its tenants is left, and what only watches them is over. Its
    /// owner, if it has one, finds its lease gone.
    /// </summary>
    private static async Task GiveWayAsync(
        NpgsqlConnection connection,
        NewRollout rollout,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            with waiting as (
                update upgrade set state = 'ended', ending = 'untouched', ended_at = $2, reason = $3
                 where tenant = any($1) and state = 'pending' returning rollout
            ), watched as (
                update upgrade
                   set state = 'ended', ending = 'completed_with_exception', ended_at = $2, reason = $3,
                       lease_owner = null, lease_until = null
                 where tenant = any($1) and state = 'forward' and steps -> position ->> 'kind' = 'bake'
             returning rollout, tenant, target
            ), served as (
                update tenant set release = watched.target #>> '{to,digest}' from watched where tenant.name = watched.tenant
            )
            update rollout set due_at = $2 where id in (select rollout from waiting union select rollout from watched)
            """,
            connection
        );
        Bind(
            command,
            rollout.Plan.Waves.SelectMany(wave => wave.Tenants).Select(plan => plan.Target.Tenant.Value).ToList(),
            rollout.Now,
            $"the tenant goes back: {rollout.Id}"
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task InsertRolloutAsync(
        NpgsqlConnection connection,
        NewRollout rollout,
        CancellationToken cancellationToken
    )
    {
        var plan = rollout.Plan;
        await using var command = new NpgsqlCommand(
            """
            with started as (
                insert into rollout (id, environment, release_name, release_digest, plan_hash, policy, excluded,
                                     started_by, start_reason, created_at, due_at, kind,
                                     start_kind, release_class, release_risk)
                values ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8, $9, $10, $10, $11, $12, $13, $14)
                returning id
            )
            insert into ledger (at, kind, actor, rollout, digest, reason)
            select $10, 'command', $8, id, $4,
                   case $11 when 'healing' then 'start of healing by plan '
                            when 'restore' then 'start of data way back by plan '
                            when 'refresh' then 'start of refresh by plan ' else 'start of plan ' end || $5 || coalesce(': ' || $9, '') from started
            """,
            connection
        );
        Bind(
            command,
            rollout.Id.Value,
            plan.Environment.Value,
            plan.Release.Name,
            plan.Release.Digest.Value,
            plan.Hash,
            StoredJson.Write(plan.Policy),
            StoredJson.Write(plan.Excluded),
            rollout.Actor,
            rollout.Reason,
            rollout.Now,
            Name(rollout.Kind),
            rollout.StartKind is { } kind ? Name(kind) : null,
            plan.Calendar.Class,
            plan.Calendar.Risk
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task InsertEmergencyAsync(
        NpgsqlConnection connection,
        NewRollout rollout,
        EmergencyToOpen emergency,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            with begun as (
                insert into emergency (id, environment, release_name, release_digest, rollout, by, reason, overrides, at,
                                       expires, second_until)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id
            )
            insert into ledger (at, kind, actor, rollout, digest, reason)
            select $9, 'command', $6, $5, $4,
                   'emergency ' || id || ' in ' || $2 || ', past git'
                   || case when cardinality($8) = 0 then '' else ' and ' || array_to_string($8, ', ') end || ': ' || $7
              from begun
            """,
            connection
        );
        Bind(
            command,
            emergency.Id.Value,
            rollout.Plan.Environment.Value,
            rollout.Plan.Release.Name,
            rollout.Plan.Release.Digest.Value,
            rollout.Id.Value,
            rollout.Actor,
            emergency.Reason,
            emergency.Overrides.ToArray(),
            rollout.Now,
            emergency.Expires.ToUniversalTime()
        );
        command.Parameters.Add(
            new()
            {
                Value = (object?)emergency.SecondUntil?.UtcDateTime ?? DBNull.Value,
                NpgsqlDbType = NpgsqlDbType.TimestampTz,
            }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<bool> StartWorkAsync(
        NpgsqlConnection connection,
        NewRollout rollout,
        WorkToStart work,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            with started as (
                update planned_work set state = 'started', rollout = $2 where id = $1 and state = 'waiting'
                returning environment, release_name, release_digest
            )
            insert into ledger (at, kind, actor, rollout, digest, reason)
            select $3, 'decision', $4, $2, release_digest,
                   'planned work started: ' || release_name || ' in ' || environment || '; passed: ' || $5
              from started
            """,
            connection
        );
        Bind(command, work.Id, rollout.Id.Value, rollout.Now, rollout.Actor, work.Passed);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static async Task CopyUpgradesAsync(
        NpgsqlConnection connection,
        NewRollout rollout,
        CancellationToken cancellationToken
    )
    {
        await using var rows = await connection.BeginBinaryImportAsync(
            """
            copy upgrade (id, rollout, tenant, site, wave, ordinal, target, steps, back, mode, predicted_hold,
                          checkpoint_bytes, due_at, need) from stdin (format binary)
            """,
            cancellationToken
        );
        var ordinal = 0;
        foreach (
            var (wave, tenant) in rollout.Plan.Waves.SelectMany(wave =>
                wave.Tenants.Select(plan => (wave.Number, plan))
            )
        )
        {
            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync(rollout.UpgradeIdOf(ordinal).Value, cancellationToken);
            await rows.WriteAsync(rollout.Id.Value, cancellationToken);
            await rows.WriteAsync(tenant.Target.Tenant.Value, cancellationToken);
            await rows.WriteAsync(rollout.Sites[tenant.Target.Pool].Value, cancellationToken);
            await rows.WriteAsync(wave, cancellationToken);
            await rows.WriteAsync(ordinal++, cancellationToken);
            await rows.WriteAsync(StoredJson.Write(tenant.Target), NpgsqlDbType.Jsonb, cancellationToken);
            await rows.WriteAsync(StoredJson.Write(tenant.Steps), NpgsqlDbType.Jsonb, cancellationToken);
            await rows.WriteAsync(StoredJson.Write(tenant.Back), NpgsqlDbType.Jsonb, cancellationToken);
            await rows.WriteAsync(Name(tenant.Mode), cancellationToken);
            await rows.WriteAsync(tenant.PredictedHold, NpgsqlDbType.Interval, cancellationToken);
            await rows.WriteAsync(tenant.CheckpointBytes, cancellationToken);
            await rows.WriteAsync(rollout.Now.ToUniversalTime(), cancellationToken);
            await rows.WriteAsync(tenant.Need, NpgsqlDbType.Interval, cancellationToken);
        }

        await rows.CompleteAsync(cancellationToken);
    }
}
