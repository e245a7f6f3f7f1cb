namespace Tidegate.ControlPlane.Fleet;

/// <summary>Puts tenants that are new to the fleet where they are served: the one change of a tenant's place that is no rollout.</summary>
public interface ITenantPlacement
{
    /// <summary>
    /// The generation of each tenant's release runs in its pool, has the rights to its database, serves it, and its
    /// hosts lead there. Doing it twice changes nothing, nor does it where a rollout has worked on a tenant since.
    /// </summary>
    /// <param name="members">All at once: what they have in common is imported before their generation starts.</param>
    /// <returns>Null, or one sentence that says what is in the way; other tenants may be placed by then.</returns>
    Task<string?> PlaceAsync(IReadOnlyList<FleetMember> members, CancellationToken cancellationToken);
}
