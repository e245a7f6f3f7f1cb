using Npgsql;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Promotion.Gates;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Promotion;

public sealed partial class PlannedWorkStore
{
    private const string Columns = """
        w.id, w.environment, w.release_name, w.release_digest, w.commit, w.author, w.requested_at, w.state, w.rollout,
        w.wake_at, w.start_by, w.start_at, w.start_reason, w.older, w.judged_at, w.gates
        """;

    /// <summary>Work whose gates are to be asked now, the longest due first.</summary>
    public Task<IReadOnlyList<WaitingWork>> DueAsync(
        DateTimeOffset now,
        int most,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            $"select {Columns} from planned_work w where w.state = 'waiting' and w.wake_at <= $1 order by w.wake_at, w.id limit $2",
            cancellationToken,
            now.UtcDateTime,
            most
        );

    /// <summary>The newest work of each environment, by environment: what waits, what runs, or what was done last.</summary>
    /// <param name="environment">Only this one; all when null.</param>
    /// <param name="visible">Only of these environments.</param>
    public Task<IReadOnlyList<WaitingWork>> NewestAsync(
        EnvironmentName? environment,
        Visible visible,
        int most,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            $"""
            select distinct on (w.environment) {Columns} from planned_work w
             where ($1::text is null or w.environment = $1) and ($3::text[] is null or w.environment = any($3))
             order by w.environment, w.id desc limit $2
            """,
            cancellationToken,
            environment?.Value,
            most,
            visible.Environments
        );

    /// <summary>Keeps what the gates of work said that goes on waiting, and when they are to be asked again.</summary>
    public async Task JudgedAsync(
        IReadOnlyCollection<JudgedWork> judged,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            update planned_work w
               set wake_at = case when w.wake_at = j.seen then j.wake else w.wake_at end,
                   judged_at = $5,
                   gates = j.gates::jsonb
              from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::text[]) as j (id, seen, wake, gates)
             where w.id = j.id and w.state = 'waiting'
            """
        );
        command.Bind(
            judged.Select(work => work.Id).ToArray(),
            judged.Select(work => work.Seen.UtcDateTime).ToArray(),
            judged.Select(work => work.Wake.UtcDateTime).ToArray(),
            judged.Select(work => StoredJson.Write(work.Gates)).ToArray(),
            now.UtcDateTime
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whatever waits is asked at once: git says something else. Inside the caller's transaction.</summary>
    public static async Task WakeAsync(
        NpgsqlConnection connection,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "update planned_work set wake_at = least(wake_at, $1) where state = 'waiting'",
            connection
        );
        command.Bind(now.UtcDateTime);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>There is nothing to do for it, with its ledger entry. Changes nothing when it waits no more.</summary>
    public async Task DoneAsync(PlannedWork work, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            with done as (
                update planned_work set state = 'done', settled_at = $2 where id = $1 and state = 'waiting'
                returning environment, release_name, release_digest
            )
            insert into ledger (at, kind, actor, digest, reason)
            select $2, 'decision', '{Actor}', release_digest,
                   'planned work done: every tenant of ' || environment || ' runs ' || release_name
              from done
            """
        );
        command.Bind(work.Id, now.UtcDateTime);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Keeps a person's word that what waits in an environment may start, with its ledger entry; its gates are asked at once.</summary>
    /// <returns>False when nothing waits there.</returns>
    public async Task<bool> OrderAsync(
        EnvironmentName environment,
        StartOrder order,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with ordered as (
                update planned_work
                   set start_by = $2, start_at = $3, start_reason = $4, older = older or $5, wake_at = $3
                 where environment = $1 and state = 'waiting'
                returning environment, release_name, release_digest
            )
            insert into ledger (at, kind, actor, digest, reason)
            select $3, 'command', $2, release_digest,
                   'start ' || release_name || ' in ' || environment || case when $5 then ', also though it is older' else '' end
                   || coalesce(': ' || $4, '')
              from ordered
            """
        );
        command.Bind(environment.Value, order.By, order.At.UtcDateTime, order.Reason, order.Older);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private async Task<IReadOnlyList<WaitingWork>> ReadAsync(
        string sql,
        CancellationToken cancellationToken,
        params object?[] values
    )
    {
        await using var command = database.CreateCommand(sql);
        command.Bind(values);
        var found = new List<WaitingWork>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add(Waiting(row));
        }

        return found;
    }

    private static WaitingWork Waiting(NpgsqlDataReader row) =>
        new(
            new PlannedWork(
                row.GetInt64(0),
                new EnvironmentName(row.GetString(1)),
                new ReleaseRef(row.GetString(2), ReleaseDigest.Create(row.GetString(3))),
                row.GetString(4),
                row.GetString(5),
                row.GetFieldValue<DateTimeOffset>(6),
                Enum.Parse<PlannedWorkState>(row.GetString(7), ignoreCase: true),
                row.Text(8) is { } rollout ? new RolloutId(rollout) : null
            ),
            row.GetFieldValue<DateTimeOffset>(9),
            row.Text(10) is { } by
                ? new StartOrder(by, row.GetFieldValue<DateTimeOffset>(11), row.Text(12), row.GetBoolean(13))
                : null,
            row.Instant(14),
            row.Text(15) is { } gates
                ? StoredJson.Read<System.Collections.Immutable.ImmutableArray<AskedGate>>(gates)
                : []
        );
}
