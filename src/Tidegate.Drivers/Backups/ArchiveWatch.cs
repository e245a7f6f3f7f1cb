using Npgsql;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Backups;

/// <summary>Looks at how the site's archive stands, and brings the catalogue up to date.</summary>
public sealed class ArchiveWatch(
    BackupCatalogue catalogue,
    ArchiveFiles files,
    SitePostgres postgres,
    BackupStore store,
    TimeProvider clock
) : IArchiveWatch
{
    /// <summary>A look that could not be made, since PostgreSQL had no connection left or was starting, says nothing of the archive for so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    public async Task<ArchiveState> LookAsync(SiteName site, CancellationToken cancellationToken)
    {
        var known = await store.ArchiveAsync(site, cancellationToken);
        ArchiveState state;
        try
        {
            state = await StateAsync(site, cancellationToken);
        }
        catch (NpgsqlException passing) when (passing.IsTransient)
        {
            if (known is not null && clock.GetUtcNow() - known.SeenAt < Patience)
            {
                return known;
            }

            state = Unknown(clock.GetUtcNow(), passing.Message);
        }

        await store.SaveArchiveAsync(site, state, cancellationToken);
        return state;
    }

    private async Task<ArchiveState> StateAsync(SiteName site, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (PgBackRest.Program is null)
        {
            return Unknown(now, "pgBackRest is not installed: apt-get install pgbackrest, then site down and site up");
        }

        try
        {
            var (last, at, problem) = await ServerAsync(cancellationToken);
            var backups = await catalogue.SyncAsync(site, cancellationToken);
            if (backups.IsEmpty || last is null)
            {
                return new(now, last?.ToString(), at, null, null, null, problem);
            }

            var run = WalContinuity.From(
                backups[0],
                await files.ListAsync(cancellationToken),
                await files.ForksAsync(last.Value.Timeline, cancellationToken),
                last.Value
            );
            return new(
                now,
                last.ToString(),
                at,
                backups[0].StartSegment.ToString(),
                run.CompleteTo?.ToString(),
                run.Gaps is [var gap, ..] ? gap.ToString() : null,
                problem
            );
        }
        catch (Exception broken) when (broken is JobFailedException or NpgsqlException { IsTransient: false })
        {
            return Unknown(now, broken.Message);
        }
    }

    private async Task<(WalSegment? Last, DateTimeOffset? At, string? Problem)> ServerAsync(
        CancellationToken cancellationToken
    )
    {
        await using var session = await postgres.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        var rows = await session.QueryAsync(
            """
            select last_archived_wal, last_archived_time, current_setting('archive_mode'),
                   case when last_failed_time > coalesce(last_archived_time, '-infinity') then last_failed_wal end
              from pg_stat_archiver
            """,
            [],
            row =>
                (
                    Last: row.IsDBNull(0) ? null : WalSegment.TryParse(row.GetString(0)),
                    At: row.IsDBNull(1) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(1),
                    Mode: row.GetString(2),
                    Failed: row.IsDBNull(3) ? null : row.GetString(3)
                ),
            cancellationToken
        );
        var (last, at, mode, failed) = rows[0];
        return (
            last,
            at,
            mode is not "on"
                ? "PostgreSQL does not archive its log: it was started before backups were set up; tidegate site down, then tidegate site up"
            : failed is not null
                ? $"PostgreSQL cannot archive {failed}, and keeps it and all that follows: see backups/log and postgres/log below the site's home"
            : null
        );
    }

    private static ArchiveState Unknown(DateTimeOffset now, string problem) =>
        new(now, null, null, null, null, null, problem);
}
