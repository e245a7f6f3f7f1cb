using System.Collections.Immutable;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Runtimes;

/// <summary>What the runtime asks a tenant's live database. Reads only, on a connection that is closed at once.</summary>
internal sealed class TenantQuestions(SitePostgres site)
{
    /// <summary>Names of the installed modules.</summary>
    public Task<ImmutableArray<string>> InstalledModulesAsync(string database, CancellationToken cancellationToken) =>
        AskAsync(database, "select name from ir_module_module where state = 'installed'", cancellationToken);

    /// <summary>
    /// What runs in the background now, for people; empty when nothing does. A scheduled job is seen by the lock on
    /// its row, which it holds from before its first statement to its end.
    /// </summary>
    public async Task<ImmutableArray<string>> RunningJobsAsync(string database, CancellationToken cancellationToken)
    {
        var crons = await AskAsync(
            database,
            """
            select format('a scheduled job since %s (%s)', to_char(a.xact_start at time zone 'utc', 'HH24:MI:SS'), a.application_name)
              from pg_locks l
              join pg_stat_activity a using (pid)
             where l.database = (select oid from pg_database where datname = current_database())
               and l.relation = 'public.ir_cron'::regclass
               and l.mode = 'RowShareLock'
               and l.granted
            """,
            cancellationToken
        );
        var hasQueue = await AskAsync(
            database,
            "select 'queue_job' where to_regclass('public.queue_job') is not null",
            cancellationToken
        );
        return hasQueue.IsEmpty
            ? crons
            : crons.AddRange(
                await AskAsync(
                    database,
                    "select format('queue job %s', uuid) from queue_job where state = 'started'",
                    cancellationToken
                )
            );
    }

    private async Task<ImmutableArray<string>> AskAsync(
        string database,
        string query,
        CancellationToken cancellationToken
    )
    {
        await using var session = await site.OpenAsync(database, DatabaseNames.SiteRole, cancellationToken);
        return await session.QueryAsync(query, [], row => row.GetString(0), cancellationToken);
    }
}
