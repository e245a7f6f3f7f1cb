using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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
                async (FleetStore fleet, CancellationToken cancellationToken) =>
                    (await fleet.ListAsync(null, cancellationToken)).Select(View)
            )
            .Needs(Permission.ReadFleet);
        routes.MapPost("/api/fleet", ApplyAsync).Needs(Permission.ChangeFleet);
    }

    private static async Task<IResult> ApplyAsync(
        FleetDocument document,
        FleetStore fleet,
        IReleaseNames releases,
        CancellationToken cancellationToken
    )
    {
        var known = (await fleet.ListAsync(null, cancellationToken)).Select(member => member.Pool.Name).ToHashSet();
        var names = await releases.NamesAsync(cancellationToken);
        if (FleetDocuments.Read(document, names, known, out var problem) is not { } read)
        {
            return Problems.Invalid(problem!);
        }

        return await fleet.ApplyAsync(read.Pools, read.Tenants, cancellationToken) is { } conflict
            ? Problems.Conflict(conflict, "give each host name to one tenant.")
            : TypedResults.NoContent();
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
