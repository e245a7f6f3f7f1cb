using System.Collections.Immutable;
using System.Globalization;

namespace Tidegate.Drivers.Databases;

/// <summary>What the sweep found.</summary>
public abstract record SweepResult
{
    private SweepResult() { }

    /// <summary>Folders without a database were removed; none when there were none.</summary>
    public sealed record Swept(ImmutableArray<long> Oids) : SweepResult;

    /// <summary>A database is being made or dropped at this moment: nothing was judged. Try again later.</summary>
    public sealed record Busy : SweepResult;
}

/// <summary>
/// Removes the folders <c>base/&lt;oid&gt;</c> that a crash of PostgreSQL inside CREATE DATABASE leaves behind: the
/// catalogue has no row of them, recovery does not remove them, and they are as large as what was copied.
/// </summary>
public static class OrphanFolders
{
    // Below are PostgreSQL's own databases (FirstNormalObjectId).
    private const long FirstUserOid = 16384;

    /// <param name="dataDirectory">PostgreSQL's data directory, reachable and writable by this process.</param>
    public static async Task<SweepResult> SweepAsync(
        SitePostgres site,
        string dataDirectory,
        CancellationToken cancellationToken
    )
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        // So that no recovery needs a folder that is removed below.
        await session.ExecuteAsync("CHECKPOINT", cancellationToken);
        var folders = Folders(dataDirectory);

        // In this order: what was being made when the folders were listed either still holds its lock, or has its row.
        if (await IsMakingAsync(session, cancellationToken))
        {
            return new SweepResult.Busy();
        }

        var known = await session.QueryAsync(
            "select oid::bigint from pg_database",
            [],
            row => row.GetInt64(0),
            cancellationToken
        );
        var orphans = folders.Except(known).ToImmutableArray();
        foreach (var oid in orphans)
        {
            Directory.Delete(Folder(dataDirectory, oid), recursive: true);
        }

        return new SweepResult.Swept(orphans);
    }

    // CREATE and DROP DATABASE lock pg_database from before they touch a file until they commit.
    private static Task<bool> IsMakingAsync(PostgresSession session, CancellationToken cancellationToken) =>
        session.ScalarAsync<bool>(
            """
            select exists (
                select from pg_locks
                 where locktype = 'relation' and relation = 'pg_database'::regclass
                   and mode = 'RowExclusiveLock' and pid <> pg_backend_pid())
            """,
            [],
            cancellationToken
        );

    private static ImmutableArray<long> Folders(string dataDirectory) =>
        [
            .. Directory
                .EnumerateDirectories(Path.Combine(dataDirectory, "base"))
                .Select(folder =>
                    long.TryParse(
                        Path.GetFileName(folder),
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out var oid
                    )
                        ? oid
                        : 0
                )
                .Where(oid => oid >= FirstUserOid),
        ];

    private static string Folder(string dataDirectory, long oid) =>
        Path.Combine(dataDirectory, "base", oid.ToString(CultureInfo.InvariantCulture));
}
