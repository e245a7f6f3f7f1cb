using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Measurements;
using Tidegate.ControlPlane.Rehearsals;

namespace Tidegate.ControlPlane.Protection;

/// <summary>All that is known of how the tenants that a release would change are protected, read once, as values.</summary>
/// <param name="Sites">Where there is such a tenant, by name.</param>
/// <param name="AtOnce">Tenants that the policy lets a rollout work on at once, at each site.</param>
public sealed record ProtectionFacts(ReleaseRef Release, ImmutableArray<ProtectedSite> Sites, int AtOnce);

/// <summary>A site, as far as the way back of its tenants depends on it.</summary>
/// <param name="Measured">Null when it has measured nothing yet.</param>
/// <param name="Tenants">Those that the release would change, by name.</param>
/// <param name="Restores">What is known of restores there.</param>
public sealed record ProtectedSite(
    BackupFacts Backups,
    MeasuredSite? Measured,
    ImmutableArray<ProtectedTenant> Tenants,
    RestoreProofs Restores
)
{
    public SiteName Site => Backups.Site;
}

/// <summary>A tenant that the release would change.</summary>
/// <param name="Bytes">Of its database; null when nobody has looked.</param>
/// <param name="Modules">Names what it has installed, as rehearsals do; null when nobody knows.</param>
/// <param name="BackedUpAt">When its newest backup of its own was taken that nothing is known against; null when there is none.</param>
/// <param name="Objective">The shortest recovery time that it was promised; null when it was promised none.</param>
/// <param name="Rehearsal">Its newest rehearsal of the release; null when there is none.</param>
public sealed record ProtectedTenant(
    TenantName Name,
    string Database,
    ReleaseDigest Runs,
    long? Bytes,
    string? Modules,
    DateTimeOffset? BackedUpAt,
    TimeSpan? Objective,
    RehearsalBrief? Rehearsal
);
