using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Simulator.World;

/// <summary>The site has seen a higher epoch: this control plane is old, and nothing was done for it.</summary>
public sealed class StaleEpochException(TenantName tenant, long epoch)
    : Exception($"the site has seen a higher epoch than {epoch} for {tenant}: another control plane works on it");
