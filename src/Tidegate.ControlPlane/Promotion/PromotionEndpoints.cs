using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Promotion;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Emergencies;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Promotion.Facts;

namespace Tidegate.ControlPlane.Promotion;

public static class PromotionEndpoints
{
    public static void MapPromotion(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/api/promotions", ListAsync)
            .Needs(Permission.ReadPromotions)
            .AboutWhatIsVisible()
            .AboutQuery(("environment", SubjectKind.Environment));
        routes
            .MapGet("/api/environments/{environment}/promotion", ShowAsync)
            .Needs(Permission.ReadPromotions)
            .About(SubjectKind.Environment, "environment");
        routes
            .MapGet("/api/environments/{environment}/promotion/{release}", AskAsync)
            .Needs(Permission.ReadPromotions)
            .About(SubjectKind.Environment, "environment");
        routes
            .MapPost("/api/environments/{environment}/promotion/start", StartAsync)
            .Needs(Permission.StartPromotions)
            .About(SubjectKind.Environment, "environment");
        routes
            .MapPost("/api/environments/{environment}/promotion/lift", LiftAsync)
            .Needs(Permission.LiftHolds)
            .About(SubjectKind.Environment, "environment");
    }

    private static async Task<IResult> ListAsync(
        string? environment,
        PromotionDesk desk,
        BlockerStore blockers,
        Visible visible,
        CancellationToken cancellationToken
    )
    {
        var works = await desk.ListAsync(
            environment is null ? null : new EnvironmentName(environment),
            visible,
            cancellationToken
        );
        var views = new PromotionViews(
            await blockers.ListAsync(
                works.Select(work => PromotionBlockers.Owner(work.Work.Environment)),
                cancellationToken
            )
        );
        return TypedResults.Ok(works.Select(work => views.View(work, work.Gates)));
    }

    private static async Task<IResult> ShowAsync(
        string environment,
        PromotionDesk desk,
        BlockerStore blockers,
        CancellationToken cancellationToken
    )
    {
        var place = new EnvironmentName(environment);
        if (await desk.FindAsync(place, cancellationToken) is not { } known)
        {
            return Problems.NotFound(
                $"nothing is asked for in environment \"{environment}\".",
                "tidegate promotion list shows what waits; tidegate fleet status what is followed."
            );
        }

        var views = new PromotionViews(await blockers.ListAsync([PromotionBlockers.Owner(place)], cancellationToken));
        return TypedResults.Ok(
            new EnvironmentPromotion(
                environment,
                known.Terms is { } terms ? PromotionViews.View(terms) : null,
                [.. (known.Facts?.Upstream ?? []).Select(PromotionViews.View)],
                known.Work is { } work ? views.View(work, known.Gates) : null,
                [.. known.Holds.Select(PromotionViews.View)],
                [
                    .. (await blockers.ListAsync([EmergencyLoop.Owner(place)], cancellationToken)).Select(
                        BlockerEndpoints.View
                    ),
                ]
            )
        );
    }

    private static async Task<IResult> AskAsync(
        string environment,
        string release,
        PromotionDesk desk,
        BlockerStore blockers,
        CancellationToken cancellationToken
    )
    {
        var place = new EnvironmentName(environment);
        if (await desk.AskAsync(place, release, cancellationToken) is not { } answer)
        {
            return Problems.NotFound(
                $"there is no release \"{release}\".",
                "tidegate release list shows those there are."
            );
        }

        var views = new PromotionViews(await blockers.ListAsync([PromotionBlockers.Owner(place)], cancellationToken));
        return TypedResults.Ok(
            new PromotionAnswer(
                environment,
                answer.Release.Name,
                answer.Release.Digest.Value,
                answer.Gates.All(gate => gate.LetsThrough),
                views.Gates(place, answer.Gates)
            )
        );
    }

    private static async Task<IResult> StartAsync(
        string environment,
        StartPromotion request,
        PromotionDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (request.Reason is { } reason && ReleaseNotes.LineRefusal(reason) is { } wrong)
        {
            return Problems.Invalid(wrong);
        }

        var place = new EnvironmentName(environment);
        var order = new StartOrder(Actor.Of(context), default, request.Reason, request.Older);
        if (!await desk.StartAsync(place, order, cancellationToken))
        {
            return Problems.Conflict(
                $"nothing waits in {environment}.",
                $"tidegate promotion show {environment} shows what was done last."
            );
        }

        // What it still waits for, if anything, is told as of now.
        return await desk.FindAsync(place, cancellationToken) is { Work: { } work } known
            ? TypedResults.Ok(new PromotionViews([]).View(work, known.Gates))
            : Problems.Conflict($"what waited in {environment} was dropped meanwhile.");
    }

    private static async Task<IResult> LiftAsync(
        string environment,
        LiftHold request,
        PromotionDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return Problems.Invalid("a reason is needed: whoever asks later why it was tried again reads it.");
        }

        if (ReleaseNotes.LineRefusal(request.Reason) is { } wrong)
        {
            return Problems.Invalid(wrong);
        }

        var lifted = await desk.LiftAsync(
            new EnvironmentName(environment),
            request.Release,
            Actor.Of(context),
            request.Reason,
            cancellationToken
        );
        return lifted.Count > 0
            ? TypedResults.Ok(lifted.Select(PromotionViews.View))
            : Problems.NotFound(
                request.Release is { } release
                    ? $"there is no hold on {release} in {environment}."
                    : $"there is no hold in {environment}.",
                $"tidegate promotion show {environment} shows those there are."
            );
    }
}
