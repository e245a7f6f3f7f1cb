using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Promotion.Facts;

/// <summary>How a digest stands in an upstream environment: whether every tenant runs it, proven, and since when.</summary>
/// <param name="Elsewhere">How many tenants run something else.</param>
/// <param name="ElsewhereExample">One of those, or null.</param>
/// <param name="Proven">How many tenants a rollout brought to the digest, and it completed.</param>
/// <param name="Unhealthy">How many run it although their upgrade ended with an exception.</param>
/// <param name="UnhealthyExample">One of those with its rollout, or null.</param>
/// <param name="Unreadable">A tenant whose database could not be read when it was looked at last, or null.</param>
/// <param name="ChangedBy">A rollout that works on one of the tenants now, or null.</param>
/// <param name="Since">The latest instant at which a tenant arrived on the digest, or came back to it from another release.</param>
public sealed record UpstreamState(
    EnvironmentName Environment,
    int Tenants,
    int Elsewhere,
    TenantOnRelease? ElsewhereExample,
    int Proven,
    int Unhealthy,
    (TenantName Tenant, RolloutId Rollout)? UnhealthyExample,
    TenantName? Unreadable,
    RolloutId? ChangedBy,
    DateTimeOffset? Since
)
{
    /// <summary>
    /// Since when the digest is verified there and has stayed, without a break; null while it is not. Tenants that
    /// joined on the digest count neither for nor against: a new test shop is no new proof, and takes none away.
    /// </summary>
    public DateTimeOffset? VerifiedSince =>
        Tenants > 0 && Elsewhere == 0 && Proven > 0 && Unhealthy == 0 && Unreadable is null && ChangedBy is null
            ? Since
            : null;
}
