using Npgsql;

namespace Tidegate.Drivers.Databases;

/// <summary>Ends what still runs in a closed database and proves that nothing is left.</summary>
internal static class EmptyDatabase
{
    /// <summary>A log-in that began before the door closed is waited for this long.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private const string ProbeSuffix = "__probe";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Null once the database is proven empty; otherwise, after <see cref="Bound"/>, who is still there.
    /// </summary>
    /// <remarks>
    /// The proof is a rename that is rolled back: PostgreSQL refuses it while anybody is connected, and unlike
    /// <c>pg_stat_activity</c> it also counts sessions that are still logging in.
    /// </remarks>
    public static async Task<string?> ProveAsync(
        FencedSession fenced,
        string database,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            var visible = await EndSessionsAsync(fenced.Postgres, database, cancellationToken);
            var refusal = visible ? "sessions are ending" : await ProbeAsync(fenced, database, cancellationToken);
            if (refusal is null)
            {
                return null;
            }

            if (clock.GetElapsedTime(started) > Bound)
            {
                return $"database {database} could not be emptied within {Bound.TotalSeconds} s: {refusal}; {await WhoAsync(fenced.Postgres, database, cancellationToken)}";
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    // Not a superuser, the site can end neither a superuser's session (it then shows up in the refusal) nor an
    // autovacuum worker (PostgreSQL ends that itself for the rename).
    private static async Task<bool> EndSessionsAsync(
        PostgresSession session,
        string database,
        CancellationToken cancellationToken
    ) =>
        await session.ScalarAsync<long>(
            """
            select count(pg_terminate_backend(a.pid))
              from pg_stat_activity a
              join pg_roles r on r.oid = a.usesysid
             where a.datname = $1 and not r.rolsuper and a.pid <> pg_backend_pid()
            """,
            [database],
            cancellationToken
        ) > 0;

    private static async Task<string?> ProbeAsync(
        FencedSession fenced,
        string database,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // PostgreSQL itself would wait 5 s for the others; a log-in that becomes visible must be ended sooner.
            await fenced.Postgres.RolledBackAsync(
                [
                    "SET LOCAL statement_timeout = '400ms'",
                    $"ALTER DATABASE {Sql.Name(database)} RENAME TO {Sql.Name(database + ProbeSuffix)}",
                ],
                cancellationToken
            );
            return null;
        }
        catch (PostgresException busy)
            when (busy.SqlState is PostgresErrorCodes.ObjectInUse or PostgresErrorCodes.QueryCanceled)
        {
            return busy.Detail ?? "somebody is connected";
        }
    }

    private static async Task<string> WhoAsync(
        PostgresSession session,
        string database,
        CancellationToken cancellationToken
    )
    {
        var sessions = await session.QueryAsync(
            "select format('session %s of %s (%s)', pid, usename, application_name) from pg_stat_activity where datname = $1",
            [database],
            row => row.GetString(0),
            cancellationToken
        );
        return sessions.IsEmpty ? "no session shows: one may be logging in" : string.Join(", ", sessions);
    }
}
