using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

public sealed partial class RolloutStore
{
    public async Task<AbortResult> AbortAsync(OperatorCommand command, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Upgrades first, then the rollout, as the record of a step locks them: neither can wait for the other.
        await LockBegunAsync(connection, command.Rollout, cancellationToken);
        if (await FindStateAsync(connection, command.Rollout, cancellationToken) is not { } found)
        {
            return new AbortResult.UnknownRollout();
        }

        if (found is { Ended: { } outcome, Aborted: null })
        {
            return new AbortResult.HasEnded(outcome);
        }

        var aborted = found.Aborted ?? StopOrder.Aborted(command.Actor, command.Reason);
        if (found.Aborted is null)
        {
            await MarkAbortedAsync(connection, command, cancellationToken);
            await LeaveUntouchedAsync(connection, command.Rollout.Value, aborted, command.Now, cancellationToken);
        }

        var begun = await LockBegunAsync(connection, command.Rollout, cancellationToken);
        var moved = ImmutableArray.CreateBuilder<Upgrade>(begun.Length);
        foreach (var (upgrade, hasBegunToOpen) in begun)
        {
            var after = UpgradeDecider.Abort(upgrade, hasBegunToOpen, aborted, command.Now);
            moved.Add(after);
            if (after != upgrade)
            {
                await MoveAsync(connection, after, cancellationToken);
            }
        }

        var untouched = await CountUntouchedAsync(connection, command.Rollout, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new AbortResult.Aborted(
            Names(moved, UpgradeState.Back),
            Names(moved, UpgradeState.Forward),
            Names(moved, UpgradeState.Asking),
            untouched
        );
    }

    public async Task<ResumeResult> ResumeAsync(
        OperatorCommand command,
        TenantName? tenant,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var begun = await LockBegunAsync(connection, command.Rollout, cancellationToken);
        if (await FindStateAsync(connection, command.Rollout, cancellationToken) is not { } found)
        {
            return new ResumeResult.UnknownRollout();
        }

        if (tenant is { } name && !await HasTenantAsync(connection, command.Rollout, name, cancellationToken))
        {
            return new ResumeResult.UnknownTenant();
        }

        if (found.Ended is { } outcome)
        {
            return new ResumeResult.HasEnded(outcome);
        }

        var resumed = ImmutableArray.CreateBuilder<ResumedTenant>();
        foreach (var (upgrade, hasBegunToOpen) in begun)
        {
            if (upgrade.State is UpgradeState.Asking && (tenant is null || upgrade.Target.Tenant == tenant))
            {
                var after = UpgradeDecider.Resume(upgrade, hasBegunToOpen, found.Aborted, command.Now);
                await MoveAsync(connection, after, cancellationToken);
                await LogResumeAsync(connection, command, after, cancellationToken);
                resumed.Add(new(upgrade.Target.Tenant, after.State is UpgradeState.Back, after.Next!.Kind));
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return new ResumeResult.Resumed(resumed.DrainToImmutable());
    }

    public async Task LetGoAsync(ClaimedUpgrade claimed, CancellationToken cancellationToken)
    {
        // Only an order leaves a lease on a step that was never begun: whoever claims the step begins it.
        await using var command = database.CreateCommand(
            """
            update upgrade set lease_owner = null, lease_until = null
             where id = $1 and lease_owner = $2 and epoch > $3 and step_started_at is null
            """
        );
        Bind(command, claimed.Upgrade.Id.Value, claimed.Owner, claimed.Epoch);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static ImmutableArray<TenantName> Names(IEnumerable<Upgrade> upgrades, UpgradeState state) =>
        [.. upgrades.Where(upgrade => upgrade.State == state).Select(upgrade => upgrade.Target.Tenant)];

    private static async Task<ImmutableArray<(Upgrade Upgrade, bool HasBegunToOpen)>> LockBegunAsync(
        NpgsqlConnection connection,
        RolloutId rollout,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            select id, rollout, target, steps, back, state, position, attempts, due_at, ending, reason, evidence,
                   exists (select from step_run where step_run.upgrade = upgrade.id and step_run.step = 'open')
              from upgrade
             where rollout = $1 and state in ('forward', 'back', 'asking') order by wave, ordinal for update
            """,
            connection
        );
        Bind(command, rollout.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var upgrades = ImmutableArray.CreateBuilder<(Upgrade, bool)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            upgrades.Add((ReadUpgrade(reader), reader.GetBoolean(12)));
        }

        return upgrades.DrainToImmutable();
    }

    private static async Task<(RolloutOutcome? Ended, string? Aborted)?> FindStateAsync(
        NpgsqlConnection connection,
        RolloutId rollout,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "select outcome, aborted_by, abort_reason from rollout where id = $1 for update",
            connection
        );
        Bind(command, rollout.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (
                Text(reader, 0) is { } outcome ? Parse<RolloutOutcome>(outcome) : null,
                Text(reader, 1) is { } actor ? StopOrder.Aborted(actor, Text(reader, 2)) : null
            )
            : null;
    }

    private static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static async Task MarkAbortedAsync(
        NpgsqlConnection connection,
        OperatorCommand order,
        CancellationToken cancellationToken
    )
    {
        // The lease goes: a decision that was made before this one must not be applied after it.
        await using var command = new NpgsqlCommand(
            """
            with aborted as (
                update rollout
                   set aborted_by = $2, abort_reason = $3, due_at = $4, lease_owner = null, lease_until = null,
                       epoch = epoch + 1
                 where id = $1
             returning id, release_digest
            )
            insert into ledger (at, kind, actor, rollout, digest, reason)
            select $4, 'command', $2, id, release_digest, 'abort' || coalesce(': ' || $3, '') from aborted
            """,
            connection
        );
        Bind(command, order.Rollout.Value, order.Actor, order.Reason, order.Now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Moves an upgrade on a person's order. The epoch makes the record of whoever carries out its step come too late.</summary>
    private static async Task MoveAsync(NpgsqlConnection connection, Upgrade moved, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            update upgrade
               set state = $2, position = $3, attempts = $4, due_at = $5, ending = $6, reason = $7, evidence = $8,
                   step_started_at = null, epoch = nextval('epoch'),
                   ended_at = case when $2 = 'ended' then $5::timestamptz end
             where id = $1
            """,
            connection
        );
        Bind(
            command,
            moved.Id.Value,
            Name(moved.State),
            moved.Position,
            moved.Attempts,
            moved.DueAt,
            moved.Ending is { } ending ? Name(ending) : null,
            moved.Reason,
            moved.Evidence
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task LogResumeAsync(
        NpgsqlConnection connection,
        OperatorCommand order,
        Upgrade upgrade,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            insert into ledger (at, kind, actor, rollout, upgrade, tenant, step, digest, reason)
            values ($1, 'command', $2, $3, $4, $5, $6, $7, 'resume' || coalesce(': ' || $8, ''))
            """,
            connection
        );
        Bind(
            command,
            order.Now,
            order.Actor,
            order.Rollout.Value,
            upgrade.Id.Value,
            upgrade.Target.Tenant.Value,
            upgrade.Next!.Kind,
            upgrade.Target.To.Digest.Value,
            order.Reason
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> CountUntouchedAsync(
        NpgsqlConnection connection,
        RolloutId rollout,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "select count(*)::int from upgrade where rollout = $1 and ending = 'untouched'",
            connection
        );
        Bind(command, rollout.Value);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<bool> HasTenantAsync(
        NpgsqlConnection connection,
        RolloutId rollout,
        TenantName tenant,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "select exists (select from upgrade where rollout = $1 and tenant = $2)",
            connection
        );
        Bind(command, rollout.Value, tenant.Value);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
