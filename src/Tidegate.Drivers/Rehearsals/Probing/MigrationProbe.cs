using System.Collections.Immutable;
using Tidegate.ControlPlane.Rehearsals.Observed;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Rehearsals.Probing;

/// <summary>Watches one migration of one database, of whatever kind, and says what it did. Never of a tenant's live database.</summary>
/// <remarks>
/// It needs a superuser (event triggers) and a cluster that logs to a file. Before the migration's end is judged,
/// nothing of the probe is left in the database.
/// </remarks>
internal sealed class MigrationProbe : IAsyncDisposable
{
    /// <summary>Statistics of a session are there when it has ended; of one that lives, within a second or so.</summary>
    private static readonly TimeSpan StatisticsPause = TimeSpan.FromMilliseconds(1200);

    private readonly SitePostgres _postgres;
    private readonly string _database;
    private readonly TimeProvider _clock;
    private readonly Before _before;
    private readonly LockSampler _locks;
    private readonly DiskSampler _disk;
    private readonly long _begun;

    private MigrationProbe(SitePostgres postgres, string database, TimeProvider clock, Before before)
    {
        (_postgres, _database, _clock, _before) = (postgres, database, clock, before);
        _locks = new(postgres, database, clock);
        _disk = new(postgres, database, clock);
        _begun = clock.GetTimestamp();
    }

    /// <summary>Reads what is there, puts the triggers in, and begins to sample.</summary>
    /// <param name="role">Who will migrate: what it says into the log is told with its SQLSTATE. Null for whoever.</param>
    public static async Task<MigrationProbe> BeginAsync(
        SitePostgres postgres,
        string database,
        string? role,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        await using var session = await OpenAsync(postgres, database, cancellationToken);
        await ProbeTriggers.InstallAsync(session, cancellationToken);
        if (role is not null)
        {
            await session.ExecuteAllAsync(Talkative(database, role, "SET {0} = {1}"), cancellationToken);
        }

        var before = new Before(
            await StructureReader.ReadAsync(session, cancellationToken),
            await RowCounts.CountAsync(session, cancellationToken),
            await RowCounts.ChangesAsync(session, cancellationToken),
            await session.ScalarAsync<long>("select pg_database_size(current_database())", [], cancellationToken),
            await DiskSampler.ReadAsync(session, cancellationToken),
            await session.ScalarAsync<string>("select pg_current_wal_lsn()::text", [], cancellationToken) ?? "0/0",
            await session.ScalarAsync<long>(
                "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
                [],
                cancellationToken
            ),
            await ServerLog.EndAsync(session, cancellationToken),
            role
        );
        return new(postgres, database, clock, before);
    }

    /// <summary>The migration has ended: removes the triggers and says what was seen.</summary>
    /// <param name="original">The database that was migrated a copy of, in the same cluster: what was in dropped columns is counted there. Null when there is none.</param>
    public async Task<ObservedMigration> EndAsync(
        string? original,
        ImmutableArray<SchemaWarning> warnings,
        CancellationToken cancellationToken
    )
    {
        var seconds = _clock.GetElapsedTime(_begun).TotalSeconds;
        var (tally, peak) = (await _locks.StopAsync(), await _disk.StopAsync());
        await Task.Delay(StatisticsPause, _clock, cancellationToken);
        await using var session = await OpenAsync(_postgres, _database, cancellationToken);
        var wal = await session.ScalarAsync<long>(
            "select pg_wal_lsn_diff(pg_current_wal_lsn(), $1::pg_lsn)::bigint",
            [_before.Wal],
            cancellationToken
        );
        var transactions = await session.ScalarAsync<long>(
            "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint - $1",
            [_before.Transaction],
            cancellationToken
        );
        await ProbeTriggers.RemoveAsync(session, cancellationToken);
        if (_before.Role is { } role)
        {
            await session.ExecuteAllAsync(Talkative(_database, role, "RESET {0}"), cancellationToken);
        }

        var log = new ProbeLog();
        foreach (var line in _before.Log.Lines())
        {
            log.Add(line);
        }

        var after = await StructureReader.ReadAsync(session, cancellationToken);
        var rows = await RowCounts.CountAsync(session, cancellationToken);
        var changes = await RowCounts.ChangesAsync(session, cancellationToken);
        var commands = log.Commands;
        return new(
            commands,
            log.Rewrites,
            log.Dropped,
            tally.Locks(Explained(commands, log)),
            new(tally.LongestTransactionSeconds, Written(commands, transactions)),
            log.Errors,
            warnings,
            _before.Structure,
            after,
            RowCounts.Compare((_before.Rows, _before.Changes), (rows, changes)),
            await DroppedColumns.CountAsync(_postgres, original, (_before.Structure, after), cancellationToken),
            new(
                wal,
                Math.Max(0, Math.Max(peak, await DiskSampler.ReadAsync(session, cancellationToken)) - _before.Disk),
                _before.Bytes,
                await session.ScalarAsync<long>("select pg_database_size(current_database())", [], cancellationToken),
                Math.Max(tally.LongestGapMs, LockSampler.Interval.TotalMilliseconds),
                seconds
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _locks.DisposeAsync();
        await _disk.DisposeAsync();
    }

    /// <summary>What a statement of the log names, or refers to by a foreign key that it makes.</summary>
    private static HashSet<string> Explained(ImmutableArray<DdlCommand> commands, ProbeLog log) =>
        commands
            .SelectMany(command => command.Tables)
            .Concat(log.Rewrites.Select(rewrite => rewrite.Table))
            .Concat(log.Dropped.Select(item => item.Table).OfType<string>())
            .Concat(commands.SelectMany(command => Words(command.Text)))
            .ToHashSet(StringComparer.Ordinal);

    private static string[] Words(string text) =>
        text.Split(
            [' ', '\n', '\t', '"', '(', ')', ',', ';', '.'],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );

    /// <summary>Ids of transactions are the cluster's: at least those that the log names, at most those given out.</summary>
    private static long Written(ImmutableArray<DdlCommand> commands, long givenOut) =>
        Math.Min(
            Math.Max(1, givenOut),
            Math.Max(
                1,
                commands
                    .Select(command => command.Transaction)
                    .Where(transaction => transaction != 0)
                    .Distinct()
                    .Count()
            )
        );

    private static IEnumerable<string> Talkative(string database, string role, string change) =>
        new[] { ("log_min_messages", "notice"), ("log_error_verbosity", "verbose") }.Select(setting =>
            $"ALTER ROLE {Sql.Name(role)} IN DATABASE {Sql.Name(database)} "
            + change
                .Replace("{0}", setting.Item1, StringComparison.Ordinal)
                .Replace("{1}", setting.Item2, StringComparison.Ordinal)
        );

    private static Task<PostgresSession> OpenAsync(
        SitePostgres postgres,
        string database,
        CancellationToken cancellationToken
    ) => postgres.OpenAsync(database, SitePostgres.Superuser, cancellationToken);

    private sealed record Before(
        Structure Structure,
        ImmutableDictionary<string, long> Rows,
        ImmutableDictionary<string, Changes> Changes,
        long Bytes,
        long Disk,
        string Wal,
        long Transaction,
        ServerLog Log,
        string? Role
    );
}
