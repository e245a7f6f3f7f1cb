using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Approvals;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Approvals;

internal static class DelegationEndpoints
{
    private const string List = "tidegate approval delegate shows those there are.";

    public static void MapDelegations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/delegations", ListAsync).Needs(Permission.ReadApprovals);
        routes.MapPost("/api/delegations", AddAsync).Needs(Permission.DelegateApprovals);
        routes.MapPost("/api/delegations/{id:long}/end", EndAsync).Needs(Permission.DelegateApprovals);
    }

    private static async Task<IResult> ListAsync(
        DelegationDesk desk,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        TypedResults.Ok(
            (await desk.ListAsync(cancellationToken)).Select(kept => ApprovalViews.View(kept, clock.GetUtcNow()))
        );

    private static async Task<IResult> AddAsync(
        DelegateApprovals request,
        DelegationDesk desk,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        ApprovalEndpoints.Wrong(request.Key, request.Reason) is { } wrong
            ? wrong
            : await desk.AddAsync(
                ApprovalEndpoints.Speaking(context),
                request.To,
                request.Begins,
                request.Ends,
                request.Reason,
                request.Key,
                cancellationToken
            ) switch
            {
                DelegateResult.Kept => TypedResults.Ok(
                    (await desk.ListAsync(cancellationToken)).Select(kept =>
                        ApprovalViews.View(kept, clock.GetUtcNow())
                    )
                ),
                DelegateResult.Refused refused => Problems.Blocked(refused.What, refused.Next),
                _ => throw new System.Diagnostics.UnreachableException(),
            };

    private static async Task<IResult> EndAsync(
        long id,
        DelegationDesk desk,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await desk.EndAsync(id, ApprovalEndpoints.Speaking(context), cancellationToken) switch
        {
            DelegateResult.Kept => TypedResults.Ok(
                (await desk.ListAsync(cancellationToken)).Select(kept => ApprovalViews.View(kept, clock.GetUtcNow()))
            ),
            DelegateResult.Refused refused => Problems.Blocked(refused.What, refused.Next),
            _ => Problems.NotFound(FormattableString.Invariant($"there is no delegation {id}."), List),
        };
}
