using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Jobs;

public sealed partial class JobStore
{
    /// <summary>Takes the job that has been due longest, whose lane is free, with its intent in the ledger. Null when there is none.</summary>
    public async Task<ClaimedJob?> ClaimAsync(ServedSites served, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with due as (
                select id from job j
                 where site = any($1)
                   and (state = 'waiting' and due_at <= $4
                        or state in ('running', 'cleaning') and lease_until < clock_timestamp())
                   and (lane is null or not exists (
                        select from job o
                         where (o.site, o.lane) = (j.site, j.lane) and o.state in ('running', 'cleaning') and o.id <> j.id))
                 order by due_at, id limit 1 for update skip locked
            ), claimed as (
                update job j
                   set state = case when state = 'cleaning' then state else 'running' end,
                       started_at = coalesce(started_at, $4),
                       lease_owner = $2, lease_until = clock_timestamp() + $3,
                       epoch = nextval('epoch'), attempts = attempts + 1
                  from due where j.id = due.id
             returning j.id, j.site, j.kind, j.subject, j.payload, j.facts, j.actor, j.reason, j.epoch, j.attempts, j.state
            ), logged as (
                insert into ledger (at, kind, actor, step, epoch, reason)
                select $4, 'intent', $2, kind, epoch, 'job ' || id || ' about ' || subject from claimed where state = 'running'
            )
            select * from claimed
            """
        );
        command.Bind(served.Values.ToArray(), served.Owner, served.Lease, clock.GetUtcNow().ToUniversalTime());
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? ReadClaimed(reader) : null;
        }
        catch (PostgresException taken) when (taken.SqlState is PostgresErrorCodes.UniqueViolation)
        {
            return null; // another took the lane in the same instant
        }
    }

    /// <summary>Makes the lease last longer.</summary>
    public async Task<JobLease> RenewAsync(ClaimedJob claimed, ServedSites served, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            update job set lease_until = clock_timestamp() + $3
             where id = $1 and epoch = $2 and state in ('running', 'cleaning')
            returning cancel_asked_by is not null and state = 'running'
            """
        );
        command.Bind(claimed.Id.Value, claimed.Epoch, served.Lease);
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            true => JobLease.Cancelled,
            false => JobLease.Held,
            _ => JobLease.Lost,
        };
    }

    /// <summary>Stores what came of the job, with its ledger entry; cleaning is left.</summary>
    /// <exception cref="JobLeaseLostException">It is another's by now.</exception>
    public Task RecordAsync(
        ClaimedJob claimed,
        JobOutcome outcome,
        string? result,
        string? failure,
        CancellationToken cancellationToken
    ) =>
        GuardedAsync(
            claimed,
            """
            with recorded as (
                update job set state = 'cleaning', outcome = $3, result = $4::jsonb, failure = $5
                 where id = $1 and epoch = $2 and state = 'running'
             returning id, kind, lease_owner, epoch, outcome, failure
            )
            insert into ledger (at, kind, actor, step, epoch, reason)
            select $6, 'outcome', lease_owner, kind, epoch, 'job ' || id || ': ' || coalesce(failure, outcome) from recorded
            """,
            cancellationToken,
            StoredWord(outcome),
            result,
            failure,
            clock.GetUtcNow().ToUniversalTime()
        );

    /// <summary>Nothing of the job is left: it has ended.</summary>
    /// <exception cref="JobLeaseLostException">It is another's by now.</exception>
    public Task EndAsync(ClaimedJob claimed, CancellationToken cancellationToken) =>
        GuardedAsync(
            claimed,
            "update job set state = 'ended', ended_at = $3, lease_until = null where id = $1 and epoch = $2 and state = 'cleaning'",
            cancellationToken,
            clock.GetUtcNow().ToUniversalTime()
        );

    /// <summary>Puts the rest of the cleaning off: what is in the way is told, and it is tried again.</summary>
    public Task PutOffCleaningAsync(
        ClaimedJob claimed,
        string obstacle,
        TimeSpan pause,
        CancellationToken cancellationToken
    ) =>
        GuardedAsync(
            claimed,
            """
            update job set lease_until = clock_timestamp() + $3, progress = jsonb_build_object('stage', $4::text)
             where id = $1 and epoch = $2 and state = 'cleaning'
            """,
            cancellationToken,
            pause,
            $"cleaning up is tried again: {obstacle}"
        );

    /// <summary>Frees what an owner that is known to live no more had claimed of these sites.</summary>
    public async Task EndLeasesAsync(ServedSites served, Func<string, bool> isDead, CancellationToken cancellationToken)
    {
        var owners = new List<string>();
        await using (
            var command = database.CreateCommand(
                "select distinct lease_owner from job where state in ('running', 'cleaning')"
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
            update job set lease_until = '-infinity'
             where state in ('running', 'cleaning') and lease_owner = any($1) and site = any($2)
            """
        );
        end.Bind(owners.Where(isDead).ToArray(), served.Values.ToArray());
        await end.ExecuteNonQueryAsync(cancellationToken);
    }

    internal Task ReportAsync(ClaimedJob claimed, JobProgress progress, CancellationToken cancellationToken) =>
        GuardedAsync(
            claimed,
            "update job set progress = $3::jsonb where id = $1 and epoch = $2 and state in ('running', 'cleaning')",
            cancellationToken,
            StoredJson.Write(progress)
        );

    internal Task KeepAsync(ClaimedJob claimed, string facts, CancellationToken cancellationToken) =>
        GuardedAsync(
            claimed,
            "update job set facts = $3::jsonb where id = $1 and epoch = $2 and state = 'running'",
            cancellationToken,
            facts
        );

    private async Task GuardedAsync(
        ClaimedJob claimed,
        string statement,
        CancellationToken cancellationToken,
        params IEnumerable<object?> values
    )
    {
        await using var command = database.CreateCommand(statement);
        command.Bind([claimed.Id.Value, claimed.Epoch, .. values]);
        foreach (var parameter in command.Parameters.Where(parameter => parameter.Value is DBNull))
        {
            parameter.NpgsqlDbType = NpgsqlDbType.Text;
        }

        if (await command.ExecuteNonQueryAsync(cancellationToken) != 1)
        {
            throw new JobLeaseLostException(claimed.Id);
        }
    }

    private static string StoredWord(JobOutcome outcome) =>
        outcome switch
        {
            JobOutcome.Done => "done",
            JobOutcome.Failed => "failed",
            JobOutcome.Cancelled => "cancelled",
        };

    private static ClaimedJob ReadClaimed(NpgsqlDataReader row) =>
        new(
            new JobId(row.GetString(0)),
            new SiteName(row.GetString(1)),
            row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            row.Text(5),
            row.GetString(6),
            row.Text(7),
            row.GetInt64(8),
            row.GetInt32(9),
            row.GetString(10) is "cleaning"
        );
}

/// <summary>How a claim stands.</summary>
public enum JobLease
{
    Held,

    /// <summary>Somebody asked to give the job up.</summary>
    Cancelled,

    /// <summary>It is another server's by now.</summary>
    Lost,
}
