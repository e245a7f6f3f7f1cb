using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Databases;

/// <summary>The site has seen a higher epoch for this tenant: this control plane is old (a zombie, or restored from a backup) and must change nothing.</summary>
public sealed class StaleEpochException(TenantName tenant, long epoch)
    : Exception(
        $"The site has seen a higher epoch than {epoch} for tenant {tenant}: this control plane is old. Stop it, or look which other one serves the site."
    )
{
    public TenantName Tenant { get; } = tenant;

    public long Epoch { get; } = epoch;
}
