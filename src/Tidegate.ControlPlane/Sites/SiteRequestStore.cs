using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Sites;

/// <summary>What sites' servers are asked to do. Claimed under a lease with an epoch, as steps are; an answer under a lost lease is not stored.</summary>
public sealed class SiteRequestStore(NpgsqlDataSource database)
{
    /// <summary>Stores a request; those that ended a day ago go, and those that nobody took within a month.</summary>
    /// <param name="once">Whether the same request that still waits is enough: for what stays to be done, and is asked again and again.</param>
    public async Task<long> AskAsync(AskedRequest request, bool once, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with old as (
                delete from site_request
                 where asked_at < clock_timestamp() - interval '1 day' and state not in ('waiting', 'claimed')
                    or asked_at < clock_timestamp() - interval '30 days'
            ), same as (
                select id from site_request
                 where $5 and state = 'waiting' and (site, kind, payload) = ($1, $2, $3::jsonb) order by id limit 1
            ), added as (
                insert into site_request (site, kind, payload, actor)
                select $1, $2, $3, $4 where not exists (select from same) returning id
            )
            select id from same union all select id from added
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = request.Site.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = request.Kind });
        command.Parameters.Add(new NpgsqlParameter { Value = request.Payload, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter { Value = request.Actor });
        command.Parameters.Add(new NpgsqlParameter { Value = once });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>How a request stands; null when it was withdrawn or is gone.</summary>
    public async Task<RequestState?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select answer, failure from site_request where id = $1 and state <> 'withdrawn'"
        );
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(Text(reader, 0), Text(reader, 1)) : null;
    }

    /// <summary>Takes a request back that nobody has begun; false when somebody has.</summary>
    public async Task<bool> WithdrawAsync(long id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "update site_request set state = 'withdrawn' where id = $1 and state = 'waiting'"
        );
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Takes the request to a site of ours that waits longest. Null when there is none.</summary>
    /// <remarks>Whoever asked may have been killed: what is not to outlive that is not begun after the longest wait there is.</remarks>
    public async Task<ClaimedRequest?> ClaimAsync(
        ServedSites served,
        RequestKinds kinds,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with due as (
                select id from site_request
                 where site = any($1)
                   and (state = 'waiting' or state = 'claimed' and lease_until < clock_timestamp())
                   and (asked_at > clock_timestamp() - interval '10 min' or kind = any($5))
                 order by id limit 1 for update skip locked
            ), claimed as (
                update site_request r
                   set state = 'claimed', lease_owner = $2, lease_until = clock_timestamp() + $3,
                       epoch = nextval('epoch'), attempts = attempts + 1
                  from due where r.id = due.id
             returning r.id, r.site, r.kind, r.payload, r.actor, r.epoch, r.attempts
            ), logged as (
                insert into ledger (at, kind, actor, step, epoch, reason)
                select clock_timestamp(), 'intent', $2, kind, epoch, 'request ' || id || ' of ' || actor || ' to site ' || site
                  from claimed where kind = any($4)
            )
            select * from claimed
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = served.Values.ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = served.Owner });
        command.Parameters.Add(new NpgsqlParameter { Value = served.Lease });
        command.Parameters.Add(new NpgsqlParameter { Value = kinds.Logged.ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = kinds.Outliving.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetInt64(0),
                new SiteName(reader.GetString(1)),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetInt64(5),
                reader.GetInt32(6)
            )
            : null;
    }

    /// <summary>Makes the lease last longer; false when somebody else owns the request now.</summary>
    public async Task<bool> RenewAsync(ClaimedRequest claimed, ServedSites served, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            update site_request set lease_until = clock_timestamp() + $1
             where id = $2 and epoch = $3 and lease_owner = $4 and state = 'claimed'
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = served.Lease });
        command.Parameters.Add(new NpgsqlParameter { Value = claimed.Id });
        command.Parameters.Add(new NpgsqlParameter { Value = claimed.Epoch });
        command.Parameters.Add(new NpgsqlParameter { Value = served.Owner });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Stores what came of a request, unless somebody else owns it now.</summary>
    public async Task AnswerAsync(
        ClaimedRequest claimed,
        RequestState outcome,
        bool isLogged,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with ended as (
                update site_request
                   set state = case when $3::text is null then 'answered' else 'failed' end, answer = $4, failure = $3,
                       lease_until = null
                 where id = $1 and epoch = $2 and state = 'claimed'
             returning id, kind, lease_owner, epoch, failure
            )
            insert into ledger (at, kind, actor, step, epoch, reason)
            select clock_timestamp(), 'outcome', lease_owner, kind, epoch, 'request ' || id || ': ' || coalesce(failure, 'done')
              from ended where $5
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = claimed.Id });
        command.Parameters.Add(new NpgsqlParameter { Value = claimed.Epoch });
        command.Parameters.Add(Nullable(outcome.Failure, NpgsqlDbType.Text));
        command.Parameters.Add(Nullable(outcome.Answer, NpgsqlDbType.Jsonb));
        command.Parameters.Add(new NpgsqlParameter { Value = isLogged });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Frees what an owner that is known to live no more had claimed of these sites.</summary>
    public async Task EndLeasesAsync(ServedSites served, Func<string, bool> isDead, CancellationToken cancellationToken)
    {
        var owners = new List<string>();
        await using (
            var command = database.CreateCommand(
                "select distinct lease_owner from site_request where state = 'claimed'"
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
            update site_request set lease_until = '-infinity'
             where state = 'claimed' and lease_owner = any($1) and site = any($2)
            """
        );
        end.Parameters.Add(new NpgsqlParameter { Value = owners.Where(isDead).ToArray() });
        end.Parameters.Add(new NpgsqlParameter { Value = served.Values.ToArray() });
        await end.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static NpgsqlParameter Nullable(string? value, NpgsqlDbType type) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = type };
}

/// <summary>A request as it is stored.</summary>
/// <param name="Payload">Stored JSON.</param>
public sealed record AskedRequest(SiteName Site, string Kind, string Payload, string Actor);

/// <summary>How a request stands: neither while it waits or is at work.</summary>
/// <param name="Answer">Stored JSON.</param>
/// <param name="Failure">One sentence.</param>
public sealed record RequestState(string? Answer, string? Failure);
