using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Rehearsals;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.Rehearsals;

public static class RehearsalEndpoints
{
    private const int MostListed = 500;

    public static void MapRehearsals(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/api/rehearsals", OrderAsync)
            .Needs(Permission.OrderRehearsals)
            .AboutBody((OrderRehearsals request) => Subject(request));
        routes
            .MapGet("/api/rehearsals", ListAsync)
            .Needs(Permission.ReadRehearsals)
            .AboutWhatIsVisible()
            .AboutQuery(("tenant", SubjectKind.Tenant));
        routes
            .MapGet("/api/rehearsals/{id}", ShowAsync)
            .Needs(Permission.ReadRehearsals)
            .About(SubjectKind.Rehearsal, "id");
    }

    private static AccessSubject Subject(OrderRehearsals request) =>
        request.Tenant is { } tenant ? AccessSubject.Tenant(tenant)
        : request.Environment is { } environment ? AccessSubject.Environment(environment)
        : AccessSubject.Everything;

    private static async Task<IResult> OrderAsync(
        OrderRehearsals request,
        RehearsalDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        (request.Tenant, request.Wave) is (null, null) or ({ }, { })
            ? Problems.Invalid("a rehearsal is of one tenant or of one wave.", "--tenant T, or --wave W.")
        : request.Tenant is null && request.Environment is null
            ? Problems.Invalid("a wave is one of an environment's plan.", "say which environment.")
        : await desk.OrderAsync(request, Actor.Of(context), cancellationToken) switch
        {
            RehearsalOrder.Ordered ordered => TypedResults.Ok(ordered.Rehearsals),
            RehearsalOrder.Unknown unknown => Problems.NotFound(unknown.What, unknown.Next),
            RehearsalOrder.Refused refused => Problems.Blocked(refused.What, refused.Next),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static async Task<IReadOnlyList<RehearsalView>> ListAsync(
        string? tenant,
        int? limit,
        RehearsalStore store,
        Visible visible,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await store.ListAsync(tenant, visible, Math.Clamp(limit ?? 50, 1, MostListed), cancellationToken)
            ).Select(RehearsalViews.Of),
        ];

    private static async Task<IResult> ShowAsync(
        string id,
        RehearsalStore store,
        CancellationToken cancellationToken
    ) =>
        await store.FindAsync(new JobId(id), cancellationToken) is { } record
            ? TypedResults.Ok(RehearsalViews.Details(record, await store.PastAsync(record.Site, cancellationToken)))
            : Problems.NotFound(
                $"there is no rehearsal \"{id}\".",
                "tidegate rehearsal list shows those that were done; tidegate job list those that run."
            );
}
