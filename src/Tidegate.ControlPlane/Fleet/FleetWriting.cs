namespace Tidegate.ControlPlane.Fleet;

/// <summary>A tenant that is not stored, because what it asks for belongs to another.</summary>
/// <param name="What">One sentence.</param>
public sealed record FleetConflict(TenantName Tenant, string What);

/// <summary>How many tenants a pool has.</summary>
/// <param name="Busy">Those that a rollout works on or will.</param>
public sealed record PoolOccupancy(int Tenants, int Busy)
{
    public static readonly PoolOccupancy None = new(0, 0);
}
