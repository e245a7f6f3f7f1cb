using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Parity;

/// <summary>What one site found of an environment: a <see cref="ParityProfile"/> as it is sent and stored.</summary>
/// <param name="OldestTenant">The tenant whose data is the oldest, where any says so.</param>
public sealed record ParityShare(
    int Tenants,
    int Unread,
    int Undated,
    TenantName? OldestTenant,
    DateTimeOffset? OldestData,
    ImmutableArray<ParityCount> Counts
)
{
    /// <summary>Of a site that does not answer: its tenants are counted, and nothing is known of them.</summary>
    public static ParityShare Unanswered(int tenants) => new(tenants, tenants, 0, null, null, []);
}

/// <summary>How many tenants have a value.</summary>
/// <param name="Example">The first of them by name.</param>
public sealed record ParityCount(ParityAspect Aspect, string Name, string Value, int Count, TenantName Example);
