using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Promotion;

public sealed partial class PlannedWorkStore
{
    /// <summary>
    /// Takes what rollouts came to, in one transaction: a digest that went back is held in that environment; work whose
    /// rollout ended is done, or superseded, or waits again. It waits where tenants are left that the release can still
    /// reach: those that the rollout had to leave out, or all, once a person lifts the hold. Doing it twice does nothing.
    /// </summary>
    public async Task SettleAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Who asks for something newer meanwhile waits: the newest work alone may wait again.
        await ExecuteAsync(connection, "select pg_advisory_xact_lock(hashtext('planned work'))", [], cancellationToken);
        await HoldAsync(connection, now, cancellationToken);
        await ExecuteAsync(
            connection,
            $"""
            with ended as (
                select w.id, w.environment, r.id as rollout, r.outcome,
                       exists (select from planned_work n where n.environment = w.environment and n.id > w.id) as is_old,
                       exists (select from pool p join tenant t on t.pool = p.name
                                where p.environment = w.environment and t.release <> w.release_digest) as is_left
                  from planned_work w join rollout r on r.id = w.rollout
                 where w.state = 'started' and r.state = 'ended'
            ), judged as (
                select id, rollout, outcome,
                       case when outcome = 'completed' and not (is_left and not is_old) then 'done'
                            when outcome = 'completed_with_exceptions' then 'done'
                            when is_old then 'superseded'
                            else 'waiting' end as state
                  from ended
            ), settled as (
                update planned_work w
                   set state = j.state,
                       settled_at = case when j.state = 'waiting' then null else $1 end,
                       wake_at = 'epoch', judged_at = null, gates = null,
                       -- A person's word was for one try; what that left out still belongs to it.
                       start_by = case when j.outcome = 'completed' then w.start_by end,
                       start_at = case when j.outcome = 'completed' then w.start_at end,
                       start_reason = case when j.outcome = 'completed' then w.start_reason end,
                       older = w.older and j.outcome = 'completed'
                  from judged j where w.id = j.id
                returning w.environment, w.release_name, w.release_digest, j.state, j.rollout, j.outcome
            )
            insert into ledger (at, kind, actor, rollout, digest, reason)
            select $1, 'decision', '{Actor}', rollout, release_digest,
                   'planned work ' || case state when 'waiting' then 'waits again' else state end || ': ' || release_name
                   || ' in ' || environment || ', its rollout ended ' || outcome
              from settled
            """,
            [now.UtcDateTime],
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Lifts the holds on an environment, or on one release there, with their ledger entries; what waits there is asked at once.</summary>
    /// <returns>The holds that were lifted; none when there was none.</returns>
    public async Task<IReadOnlyList<PromotionHold>> LiftAsync(HoldLift lift, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, "select pg_advisory_xact_lock(hashtext('planned work'))", [], cancellationToken);
        // What went back a moment ago counts too.
        await HoldAsync(connection, lift.At, cancellationToken);
        var lifted = new List<PromotionHold>();
        await using (
            var command = new NpgsqlCommand(
                """
                with lifted as (
                    update promotion_hold set lifted_at = $3, lifted_by = $4, lift_reason = $5
                     where environment = $1 and ($2 = '' or release_name = $2) and lifted_at is null
                    returning environment, release_name, release_digest, since, rollout, reason
                ), woken as (
                    update planned_work set wake_at = $3 where environment = $1 and state = 'waiting'
                ), logged as (
                    insert into ledger (at, kind, actor, rollout, digest, reason)
                    select $3, 'command', $4, rollout, release_digest,
                           'lift the hold on ' || release_name || ' in ' || environment || ': ' || $5
                      from lifted
                )
                select environment, release_name, release_digest, since, rollout, reason from lifted order by since
                """,
                connection
            )
        )
        {
            command.Bind(lift.Environment.Value, lift.Release ?? "", lift.At.UtcDateTime, lift.By, lift.Reason);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                lifted.Add(PromotionFactsStore.Hold(row));
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return lifted;
    }

    /// <summary>The holds that nobody has lifted, by environment, the oldest first.</summary>
    /// <param name="environment">Only there; everywhere when null.</param>
    public async Task<IReadOnlyList<PromotionHold>> HoldsAsync(
        EnvironmentName? environment,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select environment, release_name, release_digest, since, rollout, reason from promotion_hold
             where lifted_at is null and ($1::text is null or environment = $1)
             order by environment, since limit $2
            """
        );
        command.Bind(environment?.Value, most);
        var holds = new List<PromotionHold>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            holds.Add(PromotionFactsStore.Hold(row));
        }

        return holds;
    }

    /// <summary>Environments with blockers of promotion in which nothing waits any more.</summary>
    public async Task<IReadOnlyList<EnvironmentName>> UnblockedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select distinct substr(b.owner, length($1) + 1) from blocker b
             where starts_with(b.owner, $1)
               and not exists (select from planned_work w
                                where w.state = 'waiting' and w.environment = substr(b.owner, length($1) + 1))
            """
        );
        command.Bind([PromotionBlockers.OwnerPrefix]);
        var environments = new List<EnvironmentName>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            environments.Add(new EnvironmentName(row.GetString(0)));
        }

        return environments;
    }

    private static Task HoldAsync(
        NpgsqlConnection connection,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            connection,
            $"""
            with held as (
                insert into promotion_hold (environment, release_name, release_digest, since, rollout, reason)
                select distinct on (b.environment, b.release_digest)
                       b.environment, b.release_name, b.release_digest, b.ended_at, b.id, b.reason
                  from ({PromotionSql.WentBack}) b
                 order by b.environment, b.release_digest, b.ended_at desc
                on conflict do nothing
                returning environment, release_name, release_digest, rollout, reason
            )
            insert into ledger (at, kind, actor, rollout, digest, reason)
            select $1, 'decision', '{Actor}', rollout, release_digest,
                   'hold on ' || release_name || ' in ' || environment || ', until a person lifts it: ' || reason
              from held
            """,
            [now.UtcDateTime],
            cancellationToken
        );
}

/// <summary>A person's word that automation may try again.</summary>
/// <param name="Release">Of this release alone, by name; all of the environment's when null.</param>
public sealed record HoldLift(
    EnvironmentName Environment,
    string? Release,
    string By,
    string Reason,
    DateTimeOffset At
);
