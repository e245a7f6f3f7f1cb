using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Restores;

/// <summary>What was approved beforehand of a tenant's way back.</summary>
public interface IApprovedLoss
{
    /// <summary>How many rows of business documents the way back from the release that a tenant took last may cost without a further word; 0 where nobody approved it.</summary>
    Task<long> OfAsync(TenantName tenant, CancellationToken cancellationToken);
}
