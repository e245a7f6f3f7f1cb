using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Fleet;

/// <summary>Puts tenants that are new to the fleet where they are served: the one change of a tenant's place that is no rollout.</summary>
public interface ITenantPlacement
{
    /// <summary>
    /// The generation of each tenant's release runs in its pool, has the rights to its database, serves it, and its
    /// hosts lead there. Doing it twice changes nothing, nor does it where a rollout has worked on a tenant since.
    /// </summary>
    /// <param name="members">All at once: what they have in common is imported before their generation starts.</param>
    /// <returns>Those that are not placed, and what is in the way; all others are.</returns>
    Task<ImmutableArray<UnplacedTenant>> PlaceAsync(
        IReadOnlyList<FleetMember> members,
        CancellationToken cancellationToken
    );
}

/// <summary>A tenant that is known and not served.</summary>
/// <param name="Reason">One sentence.</param>
public sealed record UnplacedTenant(TenantName Tenant, string Reason);
