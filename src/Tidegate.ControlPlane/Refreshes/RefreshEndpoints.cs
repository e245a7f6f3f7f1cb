using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.Refreshes;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Refreshes;

public static class RefreshEndpoints
{
    public static void MapRefreshes(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/tenants/{name}/refresh", RefreshAsync)
            .Needs(Permission.RefreshTenants)
            .About(SubjectKind.Tenant, "name");

    private static async Task<IResult> RefreshAsync(
        string name,
        RefreshTenant request,
        StagingDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await desk.OrderAsync(
            new TenantName(name),
            request.IsConfirmed,
            Actor.Of(context),
            request.Reason,
            cancellationToken
        ) switch
        {
            RefreshAnswer.Ordered ordered => TypedResults.Ok(new OrderedJob(ordered.Job.Value)),
            RefreshAnswer.Unknown unknown => Problems.NotFound(unknown.What, unknown.Next),
            RefreshAnswer.Refused refused => Problems.Blocked(refused.What, refused.Next),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
