using Tidegate.ControlPlane.Copies;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.TenantBackups;

/// <summary>The backups of one tenant alone. When one of them goes is decided by what else is kept then.</summary>
public sealed class HeldInTenantBackups(TenantBackupStore store) : IHeldData
{
    public async Task<IReadOnlyList<HeldData>> OfAsync(TenantName tenant, CancellationToken cancellationToken) =>
        [
            .. (await store.OfTenantAsync(tenant, null, cancellationToken)).Select(backup => new HeldData(
                "tenant backup",
                backup.Id.Value,
                backup.Site.Value,
                EndsAt: null
            )),
        ];
}
