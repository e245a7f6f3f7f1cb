using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Placement;

/// <summary>Asks a site's server to serve tenants that are known. It stays to be done until it is.</summary>
public sealed record PlaceTenants(ImmutableArray<TenantName> Tenants)
{
    public static readonly SiteRequestKind<PlaceTenants, PlacedTenants> Kind = new(
        "place-tenants",
        IsLogged: true,
        Outlives: true
    );
}

/// <summary>All are served but these.</summary>
public sealed record PlacedTenants(ImmutableArray<UnplacedTenant> Unplaced);

/// <summary>Places tenants of this server's sites. One that a rollout works on, or that has gone to another site, is left alone.</summary>
public sealed class PlaceTenantsHandler(FleetStore fleet, ITenantPlacement placement)
    : SiteRequestHandler<PlaceTenants, PlacedTenants>(PlaceTenants.Kind)
{
    protected override async Task<PlacedTenants> AnswerAsync(
        PlaceTenants request,
        ClaimedRequest claimed,
        CancellationToken cancellationToken
    )
    {
        var members = (await fleet.FindAsync(request.Tenants, cancellationToken)).Where(member =>
            member.Pool.Site == claimed.Site && member.BusyWith is null
        );
        return new(await placement.PlaceAsync([.. members], cancellationToken));
    }
}
