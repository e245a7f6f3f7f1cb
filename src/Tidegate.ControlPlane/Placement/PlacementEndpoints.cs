using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Placement;

public static class PlacementEndpoints
{
    public static void MapPlacement(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/fleet", ApplyAsync).Needs(Permission.ChangeFleet);

    private static async Task<IResult> ApplyAsync(
        FleetDocument document,
        PlacementDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await desk.ApplyAsync(document, Actor.Of(context), cancellationToken) switch
        {
            ApplyFleetResult.Applied applied => TypedResults.Ok(new AppliedFleet(applied.Unplaced)),
            ApplyFleetResult.Invalid invalid => Problems.Invalid(invalid.What),
            ApplyFleetResult.Unreadable unreadable => Problems.Blocked(
                unreadable.What,
                "correct the file or the database, and apply it again."
            ),
            ApplyFleetResult.Conflict conflict => Problems.Conflict(
                conflict.What,
                "give each host name to one tenant."
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
