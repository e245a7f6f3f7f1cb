using System.Collections.Immutable;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Following;

/// <summary>What there is of the objects that are to be settled.</summary>
/// <param name="Pools">Every pool.</param>
/// <param name="Tenants">Those of the tenants in question that are known.</param>
/// <param name="Occupancy">Of pools with tenants.</param>
/// <param name="Sites">Sites that a server has ever served.</param>
/// <param name="Registered">Digests of registered releases.</param>
public sealed record LiveFleet(
    ImmutableDictionary<PoolName, Pool> Pools,
    ImmutableDictionary<TenantName, FleetMember> Tenants,
    ImmutableDictionary<PoolName, PoolOccupancy> Occupancy,
    ImmutableHashSet<SiteName> Sites,
    ImmutableHashSet<ReleaseDigest> Registered
);

/// <summary>What is to be done so that the fleet becomes what git says, as far as that can be done now.</summary>
public sealed record SettlingPlan
{
    /// <summary>Pools to add or change.</summary>
    public ImmutableArray<Pool> Pools { get; init; } = [];

    /// <summary>Known tenants to change.</summary>
    public ImmutableArray<Tenant> Tenants { get; init; } = [];

    /// <summary>Tenants whose database must be looked at before they are added or changed.</summary>
    public ImmutableArray<UnseenTenant> Unseen { get; init; } = [];

    /// <summary>Known tenants that are to be served, where they are not busy, after the changes.</summary>
    public ImmutableArray<TenantName> ToPlace { get; init; } = [];

    /// <summary>What will be as git says with these changes, and needs nothing more.</summary>
    public ImmutableArray<UnsettledObject> Settled { get; init; } = [];

    /// <summary>Why the others have to wait.</summary>
    public ImmutableArray<Blocker> Blockers { get; init; } = [];
}

/// <param name="Site">Where its database is to be.</param>
public sealed record UnseenTenant(SiteName Site, Tenant Tenant);

/// <summary>What is settled, and on whose word.</summary>
/// <param name="Fleet">The state in force.</param>
/// <param name="Commit">Its commit.</param>
public sealed record SettlingOrder(DesiredFleet Fleet, GoodCommit Commit);
