namespace Tidegate.ControlPlane.Fleet;

/// <summary>Puts a tenant that is new to the fleet where it is served: the one change of a tenant's place that is no rollout.</summary>
public interface ITenantPlacement
{
    /// <summary>
    /// The generation of the tenant's release runs in its pool, has the rights to its database, serves it, and its
    /// hosts lead there. Doing it twice changes nothing, nor does it where a rollout has worked on the tenant since.
    /// </summary>
    /// <returns>Null, or one sentence that says what is in the way.</returns>
    Task<string?> PlaceAsync(Tenant tenant, Pool pool, CancellationToken cancellationToken);
}
