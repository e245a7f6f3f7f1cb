using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>Planned work in PostgreSQL.</summary>
public sealed partial class PlannedWorkStore(NpgsqlDataSource database)
{
    /// <summary>
    /// Plans what git asks for, in a transaction of its own. An environment that asks for what was planned last gets
    /// nothing new, so that the same commit may be told twice; anything else supersedes what waits there.
    /// </summary>
    /// <param name="asked">Each environment once.</param>
    public async Task AskAsync(
        IReadOnlyCollection<AskedRelease> asked,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AskAsync(connection, asked, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The same inside the caller's transaction, which must be open on <paramref name="connection"/>.</summary>
    public static async Task AskAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<AskedRelease> asked,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        // Two that ask at once wait for each other, so that the second sees what the first has planned.
        await ExecuteAsync(connection, "select pg_advisory_xact_lock(hashtext('planned work'))", [], cancellationToken);
        var environments = asked.Select(release => release.Environment.Value).ToArray();
        var digests = asked.Select(release => release.Release.Digest.Value).ToArray();
        await ExecuteAsync(
            connection,
            $"""
            with asked as (select * from unnest($1::text[], $2::text[]) as a (environment, digest))
            , older as (
                update planned_work w set state = 'superseded', settled_at = $3
                  from asked a
                 where w.environment = a.environment and w.state = 'waiting' and w.release_digest <> a.digest
             returning w.environment, w.release_name, w.release_digest
            )
            insert into ledger (at, kind, actor, digest, reason)
            select $3, 'decision', '{Actor}', release_digest,
                   'planned work superseded: ' || release_name || ' in ' || environment
              from older
            """,
            [environments, digests, now.UtcDateTime],
            cancellationToken
        );
        await ExecuteAsync(
            connection,
            $"""
            with asked as (
                select * from unnest($1::text[], $2::text[], $4::text[], $5::text[], $6::text[])
                    as a (environment, digest, name, commit, author)
            ), added as (
                insert into planned_work (environment, release_name, release_digest, commit, author, requested_at)
                select a.environment, a.name, a.digest, a.commit, a.author, $3
                  from asked a
                  left join lateral (
                    select w.release_digest, w.state from planned_work w
                     where w.environment = a.environment order by w.id desc limit 1) last on true
                 where last.release_digest is distinct from a.digest or last.state = 'dropped'
                returning environment, release_name, release_digest, commit, author
            )
            insert into ledger (at, kind, actor, digest, reason)
            select $3, 'decision', '{Actor}', release_digest,
                   'planned work: ' || release_name || ' in ' || environment || ', asked for by ' || author
                   || ' in commit ' || commit
              from added
            """,
            [
                environments,
                digests,
                now.UtcDateTime,
                asked.Select(release => release.Release.Name).ToArray(),
                asked.Select(release => release.Commit).ToArray(),
                asked.Select(release => release.Author).ToArray(),
            ],
            cancellationToken
        );
    }

    /// <summary>These environments ask for nothing any more: what waits there is dropped. In the caller's transaction.</summary>
    public static Task DropAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<EnvironmentName> environments,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            connection,
            $"""
            with dropped as (
                update planned_work set state = 'dropped', settled_at = $2
                 where environment = any($1) and state = 'waiting'
             returning environment, release_name, release_digest
            )
            insert into ledger (at, kind, actor, digest, reason)
            select $2, 'decision', '{Actor}', release_digest,
                   'planned work dropped: ' || release_name || ' in ' || environment
              from dropped
            """,
            [environments.Select(environment => environment.Value).ToArray(), now.UtcDateTime],
            cancellationToken
        );

    /// <summary>Who decides, in the ledger.</summary>
    internal const string Actor = "promotion";

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        object[] values,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Bind(values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
