using Tidegate.ControlPlane.Copies;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Backups;

/// <summary>The backups of whole sites that hold a tenant. They go with the retention of their repository, on no day that is known before.</summary>
public sealed class HeldInBackups(BackupStore store) : IHeldData
{
    public async Task<IReadOnlyList<HeldData>> OfAsync(TenantName tenant, CancellationToken cancellationToken) =>
        [
            .. (await store.OfTenantAsync(tenant, cancellationToken)).Select(stored => new HeldData(
                "cluster backup",
                stored.Backup.Label,
                stored.Site.Value,
                EndsAt: null
            )),
        ];
}
