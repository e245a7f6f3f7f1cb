using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Drills;

/// <summary>A marker that the cluster has acknowledged.</summary>
/// <param name="Position">Its commit lies before this place of the log.</param>
internal sealed record Marker(long Number, DateTimeOffset At, WalPosition Position);

/// <summary>What was written until the loss.</summary>
/// <param name="Written">In the order in which they were acknowledged.</param>
/// <param name="Archived">All before this place is in the archive.</param>
/// <param name="WorstGap">How far the archive was ever behind what was acknowledged.</param>
internal sealed record MarkerRun(ImmutableArray<Marker> Written, WalPosition Archived, TimeSpan WorstGap);

/// <summary>Rows of ours in the site's maintenance database, written by normal commits: what a loss takes of them is measured, not thought. No tenant's database is touched.</summary>
internal sealed class Markers(SitePostgres postgres, TimeProvider clock)
{
    private const string Table = "tidegate.drill_marker";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // The longest archive_timeout that makes sense for a shop, twice.
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);

    /// <summary>Makes the table where it is missing. Again changes nothing.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(postgres, cancellationToken);
        await PrepareAsync(session, Table, cancellationToken);
    }

    /// <summary>Removes a job's markers. Nothing there is no error.</summary>
    public async Task RemoveAsync(JobId job, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(postgres, cancellationToken);
        if (
            await session.ScalarAsync<bool>(
                "select to_regclass('tidegate.drill_marker') is not null",
                [],
                cancellationToken
            )
        )
        {
            await session.ExecuteAsync(
                "delete from tidegate.drill_marker where job = $1",
                [job.Value],
                cancellationToken
            );
        }
    }

    /// <summary>Writes one marker after the other until the first of them is in the archive, and watches how far that lags behind. Nothing is hurried: no segment is ended for it.</summary>
    /// <exception cref="JobFailedException">Nothing gets into the archive.</exception>
    public async Task<MarkerRun> WriteUntilArchivedAsync(JobId job, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(postgres, cancellationToken);
        var written = ImmutableArray.CreateBuilder<Marker>();
        var (worst, begun) = (TimeSpan.Zero, clock.GetTimestamp());
        while (clock.GetElapsedTime(begun) < Bound)
        {
            written.Add(await WriteAsync(session, Table, job, written.Count + 1, cancellationToken));
            var archived = await ArchivedAsync(session, cancellationToken);
            var safe = written.LastOrDefault(marker => marker.Position <= archived);
            // What lies between the last one that is safe, or the first, and now would be lost now.
            var gap = written[^1].At - (safe ?? written[0]).At;
            worst = gap > worst ? gap : worst;
            if (safe is not null)
            {
                return new(written.ToImmutable(), archived, worst);
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }

        throw new JobFailedException(
            $"nothing of what was written was archived within {Bound.TotalMinutes:0} minutes: a loss now would lose all of it. tidegate backup status says what is in the way."
        );
    }

    /// <summary>Writes so many markers, then takes a moment after all of them, then writes one more that lies beyond it.</summary>
    public async Task<(ImmutableArray<Marker> Before, DateTimeOffset Moment)> WriteAroundAsync(
        JobId job,
        int count,
        CancellationToken cancellationToken
    )
    {
        await using var session = await OpenAsync(postgres, cancellationToken);
        var written = ImmutableArray.CreateBuilder<Marker>(count);
        for (var number = 1; number <= count; number++)
        {
            written.Add(await WriteAsync(session, Table, job, number, cancellationToken));
        }

        var moment = await NowAsync();
        await WriteAsync(session, Table, job, count + 1, cancellationToken);
        return (written.ToImmutable(), moment);

        async Task<DateTimeOffset> NowAsync()
        {
            await Task.Delay(Pause, clock, cancellationToken);
            var now = new DateTimeOffset(
                await session.ScalarAsync<DateTime>("select clock_timestamp()", [], cancellationToken)
            );
            await Task.Delay(Pause, clock, cancellationToken);
            return now;
        }
    }

    /// <summary>A job's markers as another cluster has them, by number.</summary>
    public static async Task<ImmutableArray<long>> ReadAsync(
        SitePostgres recovered,
        JobId job,
        CancellationToken cancellationToken
    )
    {
        await using var session = await OpenAsync(recovered, cancellationToken);
        return await ReadAsync(session, Table, job, cancellationToken);
    }

    /// <summary>Makes a table of markers where it is missing. Again changes nothing.</summary>
    internal static Task<int> PrepareAsync(
        PostgresSession session,
        string table,
        CancellationToken cancellationToken
    ) =>
        session.ExecuteAsync(
            $"""
            CREATE TABLE IF NOT EXISTS {table} (
                job text NOT NULL,
                number bigint NOT NULL,
                at timestamptz NOT NULL,
                PRIMARY KEY (job, number)
            )
            """,
            cancellationToken
        );

    internal static async Task<Marker> WriteAsync(
        PostgresSession session,
        string table,
        JobId job,
        long number,
        CancellationToken cancellationToken
    )
    {
        var at = await session.ScalarAsync<DateTime>(
            $"insert into {table} (job, number, at) values ($1, $2, clock_timestamp()) returning at",
            [job.Value, number],
            cancellationToken
        );
        // Acknowledged by now: its commit lies before the end of the log.
        var position = await session.ScalarAsync<string>(
            "select pg_current_wal_insert_lsn()::text",
            [],
            cancellationToken
        );
        return new(number, new DateTimeOffset(at), WalPosition.Parse(position!));
    }

    internal static Task<ImmutableArray<long>> ReadAsync(
        PostgresSession session,
        string table,
        JobId job,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            $"select number from {table} where job = $1 order by number",
            [job.Value],
            row => row.GetInt64(0),
            cancellationToken
        );

    private static async Task<WalPosition> ArchivedAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    ) =>
        await session.ScalarAsync<string>("select last_archived_wal from pg_stat_archiver", [], cancellationToken)
            is { } name
        && WalSegment.TryParse(name) is { } segment
            ? segment.Next.Start
            : default;

    private static Task<PostgresSession> OpenAsync(SitePostgres cluster, CancellationToken cancellationToken) =>
        cluster.OpenAsync(SitePostgres.Maintenance, DatabaseNames.SiteRole, cancellationToken);
}
