using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Placement;

public static class PlacementEndpoints
{
    public static void MapPlacement(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/fleet", ApplyAsync).Needs(Permission.ChangeFleet);

    private static async Task<IResult> ApplyAsync(
        FleetDocument document,
        PlacementDesk desk,
        IFleetAuthority authority,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await authority.RepositoryAsync(cancellationToken) is { } repository
            ? Problems.Blocked(
                $"{repository} says what the fleet is, and is followed: nothing is applied by hand.",
                "commit the change there; tidegate fleet sync takes it at once. tidegate fleet unfollow ends the following."
            )
            : await ApplyByHandAsync(document, desk, Actor.Of(context), cancellationToken);

    private static async Task<IResult> ApplyByHandAsync(
        FleetDocument document,
        PlacementDesk desk,
        string actor,
        CancellationToken cancellationToken
    ) =>
        await desk.ApplyAsync(document, actor, cancellationToken) switch
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
