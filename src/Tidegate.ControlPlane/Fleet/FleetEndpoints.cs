using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Fleet;

public static class FleetEndpoints
{
    public static void MapFleet(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(
                "/api/tenants",
                async (FleetStore fleet, Visible visible, CancellationToken cancellationToken) =>
                    (await fleet.VisibleAsync(visible, cancellationToken)).Select(View)
            )
            .Needs(Permission.ReadFleet)
            .AboutWhatIsVisible();
    }

    private static TenantView View(FleetMember member) =>
        new(
            member.Tenant.Name.Value,
            member.Tenant.Pool.Value,
            member.Tenant.Database,
            member.Tenant.Hosts,
            member.Tenant.TimeZone,
            member.Release.Name,
            member.Release.Digest.Value
        );
}

/// <summary>The registered releases, for a fleet that names them.</summary>
public interface IReleaseNames
{
    /// <summary>Digest by name.</summary>
    Task<IReadOnlyDictionary<string, ReleaseDigest>> NamesAsync(CancellationToken cancellationToken);
}
