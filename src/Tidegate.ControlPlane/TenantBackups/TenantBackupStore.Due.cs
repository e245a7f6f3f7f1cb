using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.TenantBackups;

/// <summary>What is due. PostgreSQL finds it among all tenants of a site by index; a turn takes a few.</summary>
public sealed partial class TenantBackupStore
{
    /// <summary>A failed attempt is not repeated sooner.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(15);

    // Of one kind on one site so many at once: the others of the site's jobs must find a place too.
    private const string Room = """
        greatest(0, $2 - (select count(*) from job where site = $1 and kind = $3 and state <> 'ended'))
        """;

    private const string NoneUnderWay = """
        not exists (select from job j where j.kind = $3 and j.subject = t.name and (j.state <> 'ended' or j.ended_at > $5))
        """;

    /// <summary>Tenants whose newest backup is older than this; those without any first, then the oldest.</summary>
    public Task<IReadOnlyList<string>> DueBackupsAsync(
        SiteName site,
        TimeSpan every,
        int atOnce,
        CancellationToken cancellationToken
    ) =>
        DueAsync(
            $"""
            select t.name from tenant t join pool p on p.name = t.pool
              left join lateral (
                   select taken_at from tenant_backup b where b.tenant = t.name and b.expired_at is null
                    order by taken_at desc limit 1) newest on true
             where p.site = $1 and (newest.taken_at is null or newest.taken_at <= $4) and {NoneUnderWay}
             order by newest.taken_at nulls first, t.name limit {Room}
            """,
            site,
            atOnce,
            TenantBackupJobs.Take.Name,
            every,
            AfterFailure,
            cancellationToken
        );

    /// <summary>The newest backup of each tenant none of whose backups was verified for this long; the oldest first.</summary>
    public Task<IReadOnlyList<string>> DueVerificationsAsync(
        SiteName site,
        TimeSpan every,
        int atOnce,
        CancellationToken cancellationToken
    ) =>
        DueAsync(
            $"""
            select newest.id from tenant t
              join lateral (
                   select id, taken_at, verified_at from tenant_backup b
                    where b.tenant = t.name and b.site = $1 and b.expired_at is null
                    order by taken_at desc limit 1) newest on newest.verified_at is null
             where {NoneUnderWay}
               and not exists (select from tenant_backup b where b.tenant = t.name and b.verified_at > $4)
             order by newest.taken_at limit {Room}
            """,
            site,
            atOnce,
            TenantBackupJobs.Verify.Name,
            every,
            AfterFailure,
            cancellationToken
        );

    /// <summary>Tenants with more than one backup whose retention did not run for this long.</summary>
    public Task<IReadOnlyList<string>> DueRetentionsAsync(
        SiteName site,
        TimeSpan every,
        int atOnce,
        CancellationToken cancellationToken
    ) =>
        DueAsync(
            $"""
            select t.name
              from (select tenant as name from tenant_backup where site = $1 and expired_at is null
                     group by tenant having count(*) > 1) t
             where {NoneUnderWay} and $4::timestamptz is not null
             order by t.name limit {Room}
            """,
            site,
            atOnce,
            TenantBackupJobs.Expire.Name,
            every,
            every,
            cancellationToken
        );

    private async Task<IReadOnlyList<string>> DueAsync(
        string query,
        SiteName site,
        int atOnce,
        string kind,
        TimeSpan every,
        TimeSpan pause,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow().ToUniversalTime();
        await using var command = database.CreateCommand(query);
        command.Bind(site.Value, (long)atOnce, kind, now - every, now - pause);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(reader.GetString(0));
        }

        return due;
    }
}
