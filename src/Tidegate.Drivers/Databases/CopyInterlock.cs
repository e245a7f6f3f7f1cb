using Tidegate.ControlPlane.Jobs;

namespace Tidegate.Drivers.Databases;

/// <summary>
/// Keeps base backups and copies by FILE_COPY apart. Replaying a backup makes such a copy anew out of the source as the
/// backup found it: with changes that were made to it after the copy, so that a restored checkpoint would hold them.
/// </summary>
/// <remarks>
/// An advisory lock in the maintenance database, shared by copies and taken alone by a backup: it ends with the session,
/// so whoever is killed leaves nothing locked. What a killed server left running, or somebody began by hand, is found by
/// its own session (<see cref="BaseBackupRunsAsync"/>).
/// </remarks>
internal static class CopyInterlock
{
    private const long Key = 0x74696465_62617365; // "tide", "base"
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether a copy may be made by FILE_COPY now; true holds backups off until <see cref="LeaveAsync"/>.</summary>
    public static async Task<bool> TryEnterAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        if (!await session.ScalarAsync<bool>("select pg_try_advisory_lock_shared($1)", [Key], cancellationToken))
        {
            return false;
        }

        if (!await BaseBackupRunsAsync(session, cancellationToken))
        {
            return true;
        }

        await LeaveAsync(session, cancellationToken);
        return false;
    }

    public static Task<bool> LeaveAsync(PostgresSession session, CancellationToken cancellationToken) =>
        session.ScalarAsync<bool>("select pg_advisory_unlock_shared($1)", [Key], cancellationToken);

    /// <summary>A session that keeps copies by FILE_COPY away as long as it is open. Waits for one that is being made.</summary>
    public static async Task<PostgresSession> HoldAsync(
        SitePostgres postgres,
        Func<JobProgress, CancellationToken, Task> report,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var session = await postgres.OpenAsync(SitePostgres.Maintenance, DatabaseNames.SiteRole, cancellationToken);
        try
        {
            var said = false;
            while (!await session.ScalarAsync<bool>("select pg_try_advisory_lock($1)", [Key], cancellationToken))
            {
                if (!said)
                {
                    await report(new("waiting until a database has been copied"), cancellationToken);
                    said = true;
                }

                await Task.Delay(Glance, clock, cancellationToken);
            }

            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    // pgBackRest uses the low-level interface, which shows in no progress view: its session's name tells.
    public static Task<bool> BaseBackupRunsAsync(PostgresSession session, CancellationToken cancellationToken) =>
        session.ScalarAsync<bool>(
            """
            select exists (select from pg_stat_progress_basebackup)
                or exists (select from pg_stat_activity where application_name ilike 'pgbackrest%backup%')
            """,
            [],
            cancellationToken
        );
}
