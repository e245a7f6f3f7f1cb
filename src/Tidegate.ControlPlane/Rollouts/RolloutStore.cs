using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Rollouts in PostgreSQL. A step costs two statements: one claims and writes the intent, one records and writes the outcome.</summary>
public sealed partial class RolloutStore(NpgsqlDataSource database) : IRolloutStore, IStartCandidates, IStartRisk
{
    public async Task<ClaimedUpgrade?> ClaimUpgradeAsync(Claim claim, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with due as (
                select id from upgrade
                 where state in ('forward', 'back') and due_at <= $3
                   and (lease_until is null or lease_until < clock_timestamp()) and site = any($4)
                 order by due_at, id
                 limit 1
                   for update skip locked
            ), claimed as (
                update upgrade u
                   set lease_owner = $1, lease_until = clock_timestamp() + $2, epoch = nextval('epoch'),
                       step_started_at = coalesce(u.step_started_at, $3)
                  from due where u.id = due.id
             returning u.*, case u.state when 'forward' then u.steps else u.back end -> u.position ->> 'kind' as step
            ), intent as (
                insert into step_run (upgrade, step, epoch, started_at)
                select id, step, epoch, $3 from claimed
             returning id
            ), logged as (
                insert into ledger (at, kind, actor, rollout, upgrade, tenant, step, epoch, digest)
                select $3, 'intent', $1, rollout, id, tenant, step, epoch, target #>> '{to,digest}' from claimed
            )
            select c.id, c.rollout, c.target, c.steps, c.back, c.state, c.position, c.attempts, c.due_at, c.ending,
                   c.reason, c.evidence, c.epoch, c.step_started_at, i.id
              from claimed c, intent i
            """
        );
        Bind(command, claim.Owner, claim.Lease, claim.Now, claim.Sites);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new ClaimedUpgrade(
                ReadUpgrade(reader),
                reader.GetInt64(12),
                claim.Owner,
                reader.GetInt64(14),
                reader.GetFieldValue<DateTimeOffset>(13)
            )
            : null;
    }

    public async Task<bool> RenewAsync(ClaimedUpgrade claimed, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "update upgrade set lease_until = clock_timestamp() + $1 where id = $2 and epoch = $3 and lease_owner = $4"
        );
        Bind(command, lease, claimed.Upgrade.Id.Value, claimed.Epoch, claimed.Owner);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    public async Task<bool> RecordAsync(
        ClaimedUpgrade claimed,
        Attempt attempt,
        Upgrade moved,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with moved as (
                update upgrade
                   set state = $4, position = $5, attempts = $6, due_at = $7, ending = $8, reason = $9, evidence = $10,
                       lease_owner = null, lease_until = null,
                       step_started_at = case when $11 then null else step_started_at end,
                       ended_at = case when $4 = 'ended' then $12::timestamptz end
                 where id = $1 and epoch = $2 and lease_owner = $3
             returning id, rollout, tenant, target, ending, state
            ), recorded as (
                update step_run set ended_at = $12, outcome = $13, summary = $14
                 where id = $15 and exists (select from moved)
            ), logged as (
                insert into ledger (at, kind, actor, rollout, upgrade, tenant, step, epoch, digest, reason)
                select $12, 'outcome', $3, rollout, id, tenant, $16, $2, target #>> '{to,digest}', $14 from moved
            ), poked as (
                update rollout set due_at = $12 from moved where rollout.id = moved.rollout and moved.state = 'ended'
            ), served as (
                update tenant set release = moved.target #>> '{to,digest}' from moved
                 where tenant.name = moved.tenant and moved.state = 'ended'
                   and moved.ending in ('completed', 'completed_with_exception')
            )
            select count(*) from moved
            """
        );
        var (outcome, summary) = attempt switch
        {
            Attempt.Returned(StepOutcome.Done done) => ("done", done.Did),
            Attempt.Returned(StepOutcome.NotYet notYet) => ("not_yet", notYet.Reason),
            Attempt.Returned(StepOutcome.PutOff putOff) => ("put_off", putOff.Reason),
            Attempt.Returned(StepOutcome.Failed failed) => ("failed", failed.Reason),
            Attempt.Returned(StepOutcome.Unknown unknown) => ("unknown", unknown.Reason),
            Attempt.Threw threw => ("threw", threw.Message),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var before = claimed.Upgrade;
        Bind(
            command,
            before.Id.Value,
            claimed.Epoch,
            claimed.Owner,
            Name(moved.State),
            moved.Position,
            moved.Attempts,
            moved.DueAt,
            moved.Ending is { } ending ? Name(ending) : null,
            moved.Reason,
            moved.Evidence,
            (moved.State, moved.Position) != (before.State, before.Position),
            now,
            outcome,
            summary,
            claimed.Run,
            before.Next!.Kind
        );
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! == 1;
    }

    /// <summary>Ends the leases of owners that are known to live no more, so that their work need not wait until it runs out.</summary>
    /// <param name="sites">Whose tenants' leases: who serves another site may be unable to tell whether that one's servers live.</param>
    public async Task EndLeasesAsync(
        IReadOnlyList<string> sites,
        Func<string, bool> isDead,
        CancellationToken cancellationToken
    )
    {
        var owners = new List<string>();
        await using (
            var command = database.CreateCommand(
                """
                select lease_owner from upgrade where lease_owner is not null
                union select lease_owner from rollout where lease_owner is not null
                """
            )
        )
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                owners.Add(reader.GetString(0));
            }
        }

        await using var end = database.CreateCommand(
            """
            with u as (
                update upgrade set lease_until = '-infinity' where lease_owner = any($1) and site = any($2)
            )
            update rollout set lease_until = '-infinity' where lease_owner = any($1)
            """
        );
        Bind(end, owners.Where(isDead).ToList(), sites);
        await end.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Upgrade ReadUpgrade(NpgsqlDataReader reader) =>
        new(
            new UpgradeId(reader.GetString(0)),
            new RolloutId(reader.GetString(1)),
            StoredJson.Read<UpgradeTarget>(reader.GetString(2)),
            StoredJson.Read<System.Collections.Immutable.ImmutableArray<Step>>(reader.GetString(3)),
            StoredJson.Read<System.Collections.Immutable.ImmutableArray<Step>>(reader.GetString(4)),
            Parse<UpgradeState>(reader.GetString(5)),
            reader.GetInt32(6),
            reader.GetInt32(7),
            reader.GetFieldValue<DateTimeOffset>(8),
            reader.IsDBNull(9) ? null : Parse<UpgradeEnding>(reader.GetString(9)),
            reader.IsDBNull(10) ? null : reader.GetString(10),
            reader.IsDBNull(11) ? null : reader.GetString(11)
        );

    private static void Bind(NpgsqlCommand command, params ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(
                value switch
                {
                    null => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                    DateTimeOffset instant => new NpgsqlParameter { Value = instant.ToUniversalTime() },
                    IReadOnlyList<string> texts => new NpgsqlParameter { Value = texts.ToArray() },
                    _ => new NpgsqlParameter { Value = value },
                }
            );
        }
    }

    private static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static TEnum Parse<TEnum>(string name)
        where TEnum : struct, Enum =>
        Enum.Parse<TEnum>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
