using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Drills;
using Tidegate.Contracts.Jobs;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Drills;

public static class DrillEndpoints
{
    private const int MostListed = 500;

    public static void MapDrills(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/api/drills", RunAsync)
            .Needs(Permission.RunDrills)
            .AboutBody(
                (RunDrill order) => order.Tenant is { } tenant ? AccessSubject.Tenant(tenant) : AccessSubject.Everything
            );
        routes.MapGet("/api/drills", ListAsync).Needs(Permission.ReadDrills).AboutWhatIsVisible();
        routes.MapGet("/api/drills/{id}", ShowAsync).Needs(Permission.ReadDrills).About(SubjectKind.Drill, "id");
    }

    private static async Task<IResult> RunAsync(
        RunDrill order,
        DrillDesk desk,
        SiteStore sites,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (DrillScenarios.Find(order.Scenario) is not { } scenario)
        {
            return Problems.Invalid(
                $"there is no scenario \"{order.Scenario}\".",
                $"use one of {string.Join(", ", DrillScenarios.Words)}."
            );
        }

        if (scenario.IsOfTenant() ? order.Tenant is null || order.Site is not null : order.Tenant is not null)
        {
            return Problems.Invalid(
                $"{scenario.Word()} is played with {(scenario.IsOfTenant() ? "a tenant" : "a site")}.",
                $"tidegate drill run {scenario.Word()} {(scenario.IsOfTenant() ? "--tenant T" : "[--site S]")}"
            );
        }

        return order.Tenant is { } tenant
            ? Answer(
                await desk.OrderAsync(
                    scenario,
                    new TenantName(tenant),
                    Actor.Of(context),
                    order.Reason,
                    cancellationToken
                )
            )
            : await SiteEndpoints.OnSiteAsync(
                order.Site,
                sites,
                async site =>
                    Answer(await desk.OrderAsync(scenario, site, Actor.Of(context), order.Reason, cancellationToken)),
                cancellationToken
            );
    }

    private static IResult Answer((JobId? Job, string? Refusal) ordered) =>
        ordered.Job is { } job ? TypedResults.Ok(new OrderedJob(job.Value)) : Problems.Blocked(ordered.Refusal!);

    private static async Task<IResult> ListAsync(
        string? scenario,
        int? limit,
        DrillStore store,
        Visible visible,
        CancellationToken cancellationToken
    )
    {
        DrillScenario? wanted = null;
        if (scenario is not null && (wanted = DrillScenarios.Find(scenario)) is null)
        {
            return Problems.Invalid(
                $"there is no scenario \"{scenario}\".",
                $"use one of {string.Join(", ", DrillScenarios.Words)}."
            );
        }

        var drills = await store.ListAsync(wanted, visible, Math.Clamp(limit ?? 50, 1, MostListed), cancellationToken);
        return TypedResults.Ok(drills.Select(stored => stored.View()).ToList());
    }

    private static async Task<IResult> ShowAsync(string id, DrillStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(new DrillId(id), cancellationToken) is { } stored
            ? TypedResults.Ok(stored.Details())
            : Problems.NotFound($"there is no drill \"{id}\".", "tidegate drill list shows those that were played.");
}
