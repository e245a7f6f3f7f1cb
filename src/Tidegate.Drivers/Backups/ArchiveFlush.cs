using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Backups;

/// <summary>Has everything that is committed now put into the archive.</summary>
public sealed class ArchiveFlush(SitePostgres postgres, TimeProvider clock)
{
    // A long copy leaves gigabytes of log to be archived first: only an archive that stands still is waited for in vain.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    // After so many failures since we asked it will not be better in a minute either.
    private const long MostFailures = 3;

    /// <summary>
    /// Commits a mark, ends the current segment and waits until it is archived. Every moment before the mark can be
    /// recovered to then: PostgreSQL stops at a moment only when it finds something that was committed after it.
    /// </summary>
    /// <exception cref="JobFailedException">Archiving does not work, or stands still for a minute.</exception>
    public async Task<ArchiveEnd> RunAsync(CancellationToken cancellationToken)
    {
        await using var session = await postgres.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        if (await session.ScalarAsync<string>("show archive_mode", [], cancellationToken) is not "on")
        {
            throw new JobFailedException(
                "the site's PostgreSQL does not archive its log: it was started before backups were set up, or without pgBackRest. Restart it: tidegate site down, tidegate site up"
            );
        }

        var position = await session.ScalarAsync<string>(
            "select pg_current_wal_insert_lsn()::text",
            [],
            cancellationToken
        );
        var marked = await session.ScalarAsync<DateTime>(
            """
            insert into tidegate.archive_mark values (true, clock_timestamp())
            on conflict (one) do update set at = clock_timestamp()
            returning at
            """,
            [],
            cancellationToken
        );
        var failures = await FailuresAsync(session, cancellationToken);
        var segment = WalSegment.Parse(
            (await session.ScalarAsync<string>("select pg_walfile_name(pg_switch_wal())", [], cancellationToken))!
        );
        await WaitAsync(session, segment, failures, cancellationToken);
        return new(segment.Timeline, WalPosition.Parse(position!), new DateTimeOffset(marked, TimeSpan.Zero));
    }

    private async Task WaitAsync(
        PostgresSession session,
        WalSegment segment,
        long failures,
        CancellationToken cancellationToken
    )
    {
        var deadline = clock.GetUtcNow() + Bound;
        WalSegment? reached = null;
        while (await LastArchivedAsync(session, cancellationToken) is var last && (last is null || last < segment))
        {
            if (last != reached)
            {
                (reached, deadline) = (last, clock.GetUtcNow() + Bound);
            }

            if (await FailuresAsync(session, cancellationToken) >= failures + MostFailures)
            {
                throw new JobFailedException(
                    $"PostgreSQL cannot archive segment {segment}: tidegate backup status says why."
                );
            }

            if (clock.GetUtcNow() > deadline)
            {
                throw new JobFailedException(
                    $"segment {segment} is not archived, and for {Bound.TotalSeconds} s no other was; tidegate backup status says how archiving stands."
                );
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }
    }

    private static async Task<WalSegment?> LastArchivedAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    ) =>
        await session.ScalarAsync<string>("select last_archived_wal from pg_stat_archiver", [], cancellationToken)
            is { } name
            ? WalSegment.TryParse(name)
            : null;

    private static Task<long> FailuresAsync(PostgresSession session, CancellationToken cancellationToken) =>
        session.ScalarAsync<long>("select failed_count from pg_stat_archiver", [], cancellationToken);
}
