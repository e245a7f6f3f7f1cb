using Npgsql;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Jobs;

/// <summary>Jobs as people order and see them. The claims of those who do them are in the other file.</summary>
public sealed partial class JobStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Columns =
        "id, site, kind, subject, payload, actor, reason, created_at, due_at, started_at, ended_at, state, outcome, progress, result, failure";

    /// <summary>Orders a job, with its ledger entry; the unended one of the same key instead, where there is one.</summary>
    /// <returns>The job's id.</returns>
    public async Task<JobId> OrderAsync<TJob, TResult>(
        JobKind<TJob, TResult> kind,
        JobOrder<TJob> order,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var now = clock.GetUtcNow().ToUniversalTime();
            await using var command = database.CreateCommand(
                """
                with added as (
                    insert into job (id, site, kind, subject, lane, key, payload, actor, reason, created_at, due_at)
                    values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11)
                    on conflict (key) where state <> 'ended' do nothing
                    returning id, kind, subject, actor, reason
                ), logged as (
                    insert into ledger (at, kind, actor, step, reason)
                    select $10, 'command', actor, kind, 'job ' || id || ' about ' || subject || coalesce(': ' || reason, '')
                      from added
                )
                select id from added union all select id from job where key = $6 and state <> 'ended' limit 1
                """
            );
            command.Bind(
                JobId.New(clock).Value,
                order.Site.Value,
                kind.Name,
                order.Subject,
                order.Lane,
                order.Key,
                StoredJson.Write(order.Payload),
                order.Actor,
                order.Reason,
                now,
                (order.DueAt ?? now).ToUniversalTime()
            );
            // Neither: the one of the same key ended in between.
            if (await command.ExecuteScalarAsync(cancellationToken) is string id)
            {
                return new JobId(id);
            }
        }
    }

    /// <summary>The job, or null.</summary>
    public async Task<Job?> FindAsync(JobId id, CancellationToken cancellationToken) =>
        await ReadAsync("where id = $1", cancellationToken, id.Value) is [var job] ? job : null;

    /// <summary>Jobs that have not ended, then those that ended, each group the newest first.</summary>
    /// <param name="kind">Null for every kind.</param>
    /// <param name="subject">Null for every subject.</param>
    /// <param name="visible">Only those about these tenants. A site may have a tenant's name: its jobs are not the tenant's.</param>
    public Task<IReadOnlyList<Job>> ListAsync(
        string? kind,
        string? subject,
        Visible visible,
        int most,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            """
            where ($1::text is null or kind = $1) and ($2::text is null or subject = $2)
              and ($4::text[] is null
                   or (subject = any($4) and not exists (select from site where name = job.subject)))
            order by state = 'ended', created_at desc, id desc limit $3
            """,
            cancellationToken,
            kind,
            subject,
            most,
            visible.Tenants
        );

    /// <summary>Gives a job up, with its ledger entry: one that waits ends, one that runs is stopped and cleaned up soon.</summary>
    /// <returns>False when there is no such job or it has its outcome already.</returns>
    public async Task<bool> CancelAsync(JobId id, string actor, string? reason, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with asked as (
                update job
                   set cancel_asked_by = $2,
                       state = case when state = 'waiting' then 'ended' else state end,
                       outcome = case when state = 'waiting' then 'cancelled' end,
                       ended_at = case when state = 'waiting' then $4 end
                 where id = $1 and state in ('waiting', 'running')
             returning id, kind
            )
            insert into ledger (at, kind, actor, step, reason)
            select $4, 'command', $2, kind, 'cancel job ' || id || coalesce(': ' || $3, '') from asked
            """
        );
        command.Bind(id.Value, actor, reason, clock.GetUtcNow().ToUniversalTime());
        command.Parameters[2].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text;
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private async Task<IReadOnlyList<Job>> ReadAsync(
        string which,
        CancellationToken cancellationToken,
        params IEnumerable<object?> values
    )
    {
        await using var command = database.CreateCommand($"select {Columns} from job {which}");
        command.Bind(values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var jobs = new List<Job>();
        while (await reader.ReadAsync(cancellationToken))
        {
            jobs.Add(Read(reader));
        }

        return jobs;
    }

    private static Job Read(NpgsqlDataReader row) =>
        new(
            new JobId(row.GetString(0)),
            new SiteName(row.GetString(1)),
            row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            row.GetString(5),
            row.Text(6),
            row.GetFieldValue<DateTimeOffset>(7),
            row.GetFieldValue<DateTimeOffset>(8),
            row.Instant(9),
            row.Instant(10),
            Enum.Parse<JobState>(row.GetString(11), ignoreCase: true),
            row.Text(12) is { } outcome ? Enum.Parse<JobOutcome>(outcome, ignoreCase: true) : null,
            row.Text(13) is { } progress ? StoredJson.Read<JobProgress>(progress) : null,
            row.Text(14),
            row.Text(15)
        );
}
