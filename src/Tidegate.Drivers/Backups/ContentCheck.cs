using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.Backups;

/// <summary>What some of a cluster's databases held at one place of its log.</summary>
public sealed record HeldContents(WalPosition At, ImmutableArray<DatabaseContents> Databases);

/// <param name="Oid">A cutover changes the name.</param>
public sealed record DatabaseContents(string Name, long Oid, ImmutableArray<TableFingerprint> Tables);

/// <summary>
/// Compares what a restored cluster holds with what the site's held, row by row. What a snapshot shows belongs to a place
/// of the log only while nobody has anything to commit: such an instant is waited for, and the restored cluster is
/// replayed to exactly that place.
/// </summary>
public sealed class ContentCheck(SitePostgres site, TimeProvider clock)
{
    /// <summary>So many databases are compared at a time: chosen by the job, so that in the long run it is each one's turn.</summary>
    private const int MostDatabases = 5;

    private const int MostTold = 5;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <summary>Reads some databases of the running site. Nobody waits for it; it reads what it compares from end to end.</summary>
    /// <returns>Null when somebody wrote at every instant that was looked at, a cutover came in between, or there is no database.</returns>
    public async Task<HeldContents?> ReadAsync(JobId job, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadChosenAsync(job, cancellationToken);
        }
        catch (NpgsqlException)
        {
            return null; // a database was closed or is gone by now; a cluster that is down is told by whoever needs it next
        }
    }

    private async Task<HeldContents?> ReadChosenAsync(JobId job, CancellationToken cancellationToken)
    {
        // Only a superuser sees who is about to write.
        await using var watch = await site.OpenAsync(
            SitePostgres.Maintenance,
            SitePostgres.Superuser,
            cancellationToken
        );
        var chosen = await watch.QueryAsync(
            """
            select datname, oid::bigint from pg_database
             where datallowconn and not datistemplate and datname <> all ($1)
             order by md5($2 || oid::text) limit $3
            """,
            [new[] { SitePostgres.Maintenance, DatabaseNames.ControlDatabase }, job.Value, MostDatabases],
            row => (Name: row.GetString(0), Oid: row.GetInt64(1)),
            cancellationToken
        );
        var sessions = new List<PostgresSession>();
        try
        {
            foreach (var (name, _) in chosen)
            {
                sessions.Add(await OpenAsync(site, name, DatabaseNames.SiteRole, cancellationToken));
            }

            if (chosen.IsEmpty || await PlaceAsync(watch, sessions, cancellationToken) is not { } place)
            {
                return null;
            }

            var contents = ImmutableArray.CreateBuilder<DatabaseContents>();
            for (var index = 0; index < chosen.Length; index++)
            {
                if (await TablesAsync(sessions[index], cancellationToken) is { } tables)
                {
                    contents.Add(new(chosen[index].Name, chosen[index].Oid, tables));
                }
            }

            return contents.Count == 0 ? null : new(place, contents.DrainToImmutable());
        }
        finally
        {
            foreach (var session in sessions)
            {
                await session.DisposeAsync();
            }
        }
    }

    /// <returns>What differs, with database and table; null when nothing does.</returns>
    public static async Task<string?> CompareAsync(
        SideCluster restored,
        HeldContents held,
        CancellationToken cancellationToken
    )
    {
        await using var names = await restored.Postgres.OpenAsync(
            SitePostgres.Maintenance,
            SitePostgres.Superuser,
            cancellationToken
        );
        foreach (var database in held.Databases)
        {
            var name = await names.ScalarAsync<string>(
                "select datname::text from pg_database where oid = $1::bigint::oid",
                [database.Oid],
                cancellationToken
            );
            if (name is null)
            {
                return $"database {database.Name} is not in the restored cluster";
            }

            await using var session = await OpenAsync(
                restored.Postgres,
                name,
                SitePostgres.Superuser,
                cancellationToken
            );
            var differences = RestoredComparison
                .Tables(
                    database.Tables,
                    await TableFingerprints.ReadAsync(session, cancellationToken, onlyLogged: true)
                )
                .ToList();
            if (differences.Count > 0)
            {
                return $"restored to {held.At}, database {database.Name} is not what it was there: {string.Join("; ", differences.Take(MostTold))}";
            }
        }

        return null;
    }

    /// <summary>Begins every session's snapshot at one instant at which nobody has anything to commit; where the log was then.</summary>
    private async Task<WalPosition?> PlaceAsync(
        PostgresSession watch,
        IReadOnlyList<PostgresSession> sessions,
        CancellationToken cancellationToken
    )
    {
        var deadline = clock.GetUtcNow() + Bound;
        while (clock.GetUtcNow() < deadline)
        {
            foreach (var session in sessions)
            {
                await session.ExecuteAllAsync(
                    ["rollback", "begin isolation level repeatable read read only"],
                    cancellationToken
                );
            }

            if (await QuietAsync(watch, cancellationToken) is { } before)
            {
                // The first statement takes the snapshot. All at once: the instant is short.
                await Task.WhenAll(sessions.Select(session => session.ExecuteAsync("select 1", cancellationToken)));
                var place = await watch.ScalarAsync<string>(
                    "select pg_current_wal_insert_lsn()::text",
                    [],
                    cancellationToken
                );
                if (await QuietAsync(watch, cancellationToken) == before)
                {
                    return WalPosition.Parse(place!);
                }
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }

        return null;
    }

    /// <summary>
    /// All transactions that have ended, where none that writes is under way; otherwise null. In this order: one that is
    /// under way at the first question and has ended at the second is in its answer.
    /// </summary>
    private static async Task<string?> QuietAsync(PostgresSession watch, CancellationToken cancellationToken)
    {
        var isWritten = await watch.ScalarAsync<bool>(
            "select exists (select from pg_stat_activity where backend_xid is not null)",
            [],
            cancellationToken
        );
        var ended = await watch.ScalarAsync<string>("select pg_current_snapshot()::text", [], cancellationToken);
        return isWritten || !ended!.EndsWith(':') ? null : ended;
    }

    /// <returns>Null where it cannot be read to its end: a cutover has ended the session, or something in it is not the site role's to read.</returns>
    private static async Task<ImmutableArray<TableFingerprint>?> TablesAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await TableFingerprints.ReadAsync(session, cancellationToken, onlyLogged: true);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private static async Task<PostgresSession> OpenAsync(
        SitePostgres cluster,
        string database,
        string role,
        CancellationToken cancellationToken
    )
    {
        var session = await cluster.OpenAsync(database, role, cancellationToken);
        await session.ExecuteAllAsync(TableFingerprints.Settings, cancellationToken);
        return session;
    }
}

/// <summary>How a restored cluster is looked at.</summary>
public sealed record RestoredChecks(PageCheck Pages, ContentCheck Contents);
