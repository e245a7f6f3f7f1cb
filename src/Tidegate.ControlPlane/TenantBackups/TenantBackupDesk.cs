using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.TenantBackups;

/// <param name="KeepUntil">Not removed before; null where the class alone says when.</param>
public sealed record BackupOrder(BackupClass Kept, DateTimeOffset? KeepUntil, string Actor, string? Reason);

/// <summary>Orders backups of tenants, their verification and their retention at the site that has them.</summary>
public sealed class TenantBackupDesk(FleetStore fleet, TenantBackupStore store, JobStore jobs)
{
    /// <summary>Orders a backup; the one of the same class that is under way instead, where there is one.</summary>
    /// <returns>Null when there is no such tenant.</returns>
    public async Task<JobId?> TakeAsync(TenantName tenant, BackupOrder order, CancellationToken cancellationToken) =>
        await SiteAsync(tenant, cancellationToken) is { } site
            ? await jobs.OrderAsync(
                TenantBackupJobs.Take,
                new(site, tenant.Value, new(tenant, order.Kept, order.KeepUntil), order.Actor, order.Reason)
                {
                    Lane = TenantBackupJobs.Lane(tenant),
                    Key = $"{TenantBackupJobs.Take.Name}:{tenant}:{order.Kept}",
                },
                cancellationToken
            )
            : null;

    /// <returns>Null when there is no such backup, or it was removed.</returns>
    public async Task<JobId?> VerifyAsync(
        TenantBackupId backup,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        await store.FindAsync(backup, cancellationToken) is { ExpiredAt: null } found
            ? await jobs.OrderAsync(
                TenantBackupJobs.Verify,
                new(found.Site, found.Tenant.Value, new(backup), actor, reason)
                {
                    Lane = TenantBackupJobs.Lane(found.Tenant),
                    Key = $"{TenantBackupJobs.Verify.Name}:{backup}",
                },
                cancellationToken
            )
            : null;

    /// <returns>Null when there is no such tenant.</returns>
    public async Task<JobId?> ExpireAsync(
        TenantName tenant,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        await SiteAsync(tenant, cancellationToken) is { } site
            ? await jobs.OrderAsync(
                TenantBackupJobs.Expire,
                new(site, tenant.Value, new(tenant), actor, reason)
                {
                    Lane = TenantBackupJobs.Lane(tenant),
                    Key = $"{TenantBackupJobs.Expire.Name}:{tenant}",
                },
                cancellationToken
            )
            : null;

    private async Task<SiteName?> SiteAsync(TenantName tenant, CancellationToken cancellationToken) =>
        await fleet.FindAsync([tenant], cancellationToken) is [var member] ? member.Pool.Site : null;
}
