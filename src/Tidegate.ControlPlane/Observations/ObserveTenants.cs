using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Observations;

/// <summary>Asks a site's server to look at tenants now. They need not be known yet; of those that are, what was seen is kept.</summary>
public sealed record ObserveTenants(ImmutableArray<Tenant> Tenants)
{
    public static readonly SiteRequestKind<ObserveTenants, ObservedTenants> Kind = new("observe-tenants");
}

/// <summary>All were looked at; these could not be read.</summary>
public sealed record ObservedTenants(ImmutableArray<UnreadableTenant> Unreadable);

public sealed record UnreadableTenant(TenantName Tenant, string Reason);

/// <summary>Looks when another server, or a plan, asks.</summary>
public sealed class ObserveTenantsHandler(TenantLookout lookout)
    : SiteRequestHandler<ObserveTenants, ObservedTenants>(ObserveTenants.Kind)
{
    protected override async Task<ObservedTenants> AnswerAsync(
        ObserveTenants request,
        ClaimedRequest claimed,
        CancellationToken cancellationToken
    ) => new(await lookout.LookAsync(request.Tenants, cancellationToken));
}
