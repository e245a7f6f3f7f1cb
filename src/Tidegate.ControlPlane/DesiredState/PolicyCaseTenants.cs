using System.Collections.Immutable;
using Tidegate.ControlPlane.Calendars;

namespace Tidegate.ControlPlane.DesiredState;

/// <summary>Of whom a case speaks.</summary>
internal sealed class PolicyCaseTenants(PolicyCase one)
{
    private readonly TagExpression? _tags = one.Tags is { } tags ? TagExpression.Parse(tags) : null;

    /// <summary>By name.</summary>
    public ImmutableArray<DesiredTenant> Of(DesiredFleet fleet) =>
        [.. fleet.Tenants.Where(tenant => Has(tenant, fleet.Pools[tenant.Pool]))];

    private bool Has(DesiredTenant tenant, DesiredPool pool) =>
        pool.Environment == one.Environment
        && (one.Tenants.IsEmpty || one.Tenants.Contains(tenant.Name))
        && (one.Pool is not { } asked || asked == pool.Name)
        && (_tags?.Matches(tenant.Tags.ToImmutableHashSet(StringComparer.Ordinal)) ?? true);
}
