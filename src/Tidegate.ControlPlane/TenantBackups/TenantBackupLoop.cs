using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.TenantBackups;

/// <summary>Orders what is due of backups, verifications and retention, a few at once, for as long as the process lives.</summary>
public sealed class TenantBackupLoop(
    TenantBackupStore store,
    TenantBackupDesk desk,
    ServedSites served,
    TenantBackupRules rules,
    TimeProvider clock,
    ILogger<TenantBackupLoop> logger
) : TurnLoop("scheduled tenant backups", Pauses, clock, logger)
{
    private const int BackupsAtOnce = 2;
    private const int VerificationsAtOnce = 1;
    private const int RetentionsAtOnce = 1;

    private static readonly TurnPauses Pauses = new(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1));

    /// <summary>Looks once. Always false: what is due is done by the jobs' own loop.</summary>
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        foreach (var site in served.Names)
        {
            if (await rules.EveryAsync(site, stoppingToken) is { } every)
            {
                await OrderAsync(site, every, stoppingToken);
            }
        }

        return false;
    }

    private async Task OrderAsync(SiteName site, TimeSpan every, CancellationToken cancellationToken)
    {
        var order = new BackupOrder(BackupClass.Scheduled, null, served.Owner, null);
        foreach (var tenant in await store.DueBackupsAsync(site, every, BackupsAtOnce, cancellationToken))
        {
            await desk.TakeAsync(new TenantName(tenant), order, cancellationToken);
        }

        var unproven = await store.DueVerificationsAsync(
            site,
            TenantBackupSchedule.VerifyEvery,
            VerificationsAtOnce,
            cancellationToken
        );
        foreach (var backup in unproven)
        {
            await desk.VerifyAsync(new TenantBackupId(backup), served.Owner, null, cancellationToken);
        }

        var crowded = await store.DueRetentionsAsync(
            site,
            TenantBackupSchedule.ExpireEvery,
            RetentionsAtOnce,
            cancellationToken
        );
        foreach (var tenant in crowded)
        {
            await desk.ExpireAsync(new TenantName(tenant), served.Owner, null, cancellationToken);
        }
    }
}
