using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.TenantBackups;

/// <summary>How often the tenants of a site are backed up and what is kept of it: git where it says so, else the home's own schedule and the default.</summary>
public sealed class TenantBackupRules(BackupTermsStore protection, TenantBackupSchedule schedule)
{
    /// <summary>Null where none is taken but those that people order.</summary>
    public async Task<TimeSpan?> EveryAsync(SiteName site, CancellationToken cancellationToken) =>
        (await protection.FindAsync(site, cancellationToken))?.Tenants?.Every ?? schedule.Every;

    public async Task<RetentionRules> KeptAsync(SiteName site, CancellationToken cancellationToken) =>
        (await protection.FindAsync(site, cancellationToken))?.Tenants?.Kept ?? RetentionRules.Default;
}
