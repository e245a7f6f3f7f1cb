using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.Restores;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Restores;

public static class RestoreEndpoints
{
    public static void MapRestores(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/api/tenants/{name}/way-back", WayBackAsync)
            .Needs(Permission.PriceRestores)
            .About(SubjectKind.Tenant, "name");
        routes
            .MapPost("/api/tenants/{name}/restore/price", PriceAsync)
            .Needs(Permission.PriceRestores)
            .About(SubjectKind.Tenant, "name");
        routes
            .MapPost("/api/tenants/{name}/restore", OrderAsync)
            .Needs(Permission.RestoreTenants)
            .About(SubjectKind.Tenant, "name");
    }

    private static async Task<IResult> WayBackAsync(
        string name,
        WayBackDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await desk.ShowAsync(new TenantName(name), Actor.Of(context), cancellationToken) is { } view
            ? TypedResults.Ok(view)
            : Problems.NotFound($"there is no tenant \"{name}\".", "tidegate tenant list shows those there are.");

    private static async Task<IResult> PriceAsync(
        string name,
        RestoreTenant request,
        RestoreDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        Answer(
            new TenantName(name),
            await desk.PriceAsync(Wanted(name, request), Actor.Of(context), cancellationToken)
        );

    private static async Task<IResult> OrderAsync(
        string name,
        RestoreTenant request,
        RestoreDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        request.AcceptLoss < 0
            ? Problems.Invalid("a number of rows is not negative.", "tidegate tenant restore --help")
            : Answer(
                new TenantName(name),
                await desk.OrderAsync(Wanted(name, request), Actor.Of(context), request.Reason, cancellationToken)
            );

    private static WantedRestore Wanted(string name, RestoreTenant request) =>
        new(
            new TenantName(name),
            request.To,
            request.Into,
            new(request.AcceptLoss ?? (request.AcceptWhatLeft ? null : 0), request.AcceptWhatLeft),
            request.AsIs
        );

    private static IResult Answer(TenantName tenant, RestoreAnswer answer) =>
        answer switch
        {
            RestoreAnswer.Priced priced => TypedResults.Ok(RestoreViews.View(tenant, priced)),
            RestoreAnswer.Ordered ordered => TypedResults.Ok(new OrderedJob(ordered.Job.Value)),
            RestoreAnswer.Unknown unknown => Problems.NotFound(unknown.What, unknown.Next),
            RestoreAnswer.Invalid invalid => Problems.Invalid(invalid.What, invalid.Next),
            RestoreAnswer.Refused refused => Problems.Blocked(refused.What, refused.Next),
            RestoreAnswer.Silent silent => Problems.Blocked(
                silent.Reason,
                "tidegate site up --home HOME on that machine; then ask again."
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
