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
        ITenantObserver observer,
        ITenantPlacement placement,
        CancellationToken cancellationToken
    )
    {
        var members = await fleet.ListAsync(null, cancellationToken);
        var known = members.Select(member => member.Pool.Name).ToHashSet();
        var names = await releases.NamesAsync(cancellationToken);
        if (FleetDocuments.Read(document, names, known, out var problem) is not { } read)
        {
            return Problems.Invalid(problem!);
        }

        // Before anything is stored: a tenant that cannot be served must not be half known.
        var same = members.Select(member => (member.Tenant.Name, member.Tenant.Database)).ToHashSet();
        foreach (var tenant in read.Tenants.Where(tenant => !same.Contains((tenant.Name, tenant.Database))))
        {
            if (await observer.ObserveAsync(tenant, cancellationToken) is TenantObservation.Unreadable unreadable)
            {
                return Problems.Blocked(unreadable.Reason, "correct the file or the database, and apply it again.");
            }
        }

        if (await fleet.ApplyAsync(read.Pools, read.Tenants, cancellationToken) is { } conflict)
        {
            return Problems.Conflict(conflict, "give each host name to one tenant.");
        }

        // Known before and not placed, because this was interrupted: placing is idempotent, so all that are idle are placed.
        var named = read.Tenants.Select(tenant => tenant.Name).ToHashSet();
        var idle = (await fleet.ListAsync(null, cancellationToken)).Where(member =>
            named.Contains(member.Tenant.Name) && member.BusyWith is null
        );
        return await placement.PlaceAsync([.. idle], cancellationToken) is { } obstacle
            ? Problems.Blocked(obstacle, "apply the fleet again.")
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
