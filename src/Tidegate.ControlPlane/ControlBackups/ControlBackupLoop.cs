using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;
using Tidegate.ControlPlane.TenantBackups;

namespace Tidegate.ControlPlane.ControlBackups;

/// <summary>Backs the control plane up as often as its tenants.</summary>
public sealed class ControlBackupLoop(
    ControlBackupDesk desk,
    ServedSites served,
    TenantBackupRules rules,
    TimeProvider clock,
    ILogger<ControlBackupLoop> logger
) : TurnLoop("scheduled control backups", Pauses, clock, logger)
{
    private static readonly TurnPauses Pauses = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        if (await EveryAsync(stoppingToken) is { } every && await desk.IsDueAsync(every, stoppingToken))
        {
            await desk.TakeAsync(served.Owner, null, stoppingToken);
        }

        return false;
    }

    /// <summary>As often as the tenants of the served site whose are backed up most often.</summary>
    private async Task<TimeSpan?> EveryAsync(CancellationToken cancellationToken)
    {
        TimeSpan? often = null;
        foreach (var site in served.Names)
        {
            var every = await rules.EveryAsync(site, cancellationToken);
            often = often is null || every < often ? every : often;
        }

        return often;
    }
}
