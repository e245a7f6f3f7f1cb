using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Rollouts;

public static class RolloutEndpoints
{
    private const int LongestList = 500;

    public static void MapRollouts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/plans", PlanAsync).Needs(Permission.PlanRollouts);
        routes.MapPost("/api/rollouts", StartAsync).Needs(Permission.StartRollouts);
        routes
            .MapGet(
                "/api/rollouts",
                (RolloutViewStore views, CancellationToken cancellationToken) =>
                    views.ListAsync(LongestList, cancellationToken)
            )
            .Needs(Permission.ReadRollouts);
        routes
            .MapGet(
                "/api/rollouts/{id}",
                async Task<IResult> (
                    string id,
                    RolloutViewStore views,
                    TimeProvider clock,
                    CancellationToken cancellationToken
                ) =>
                    await views.FindAsync(id, clock.GetUtcNow(), cancellationToken) is { } view
                        ? TypedResults.Ok(view)
                        : Problems.NotFound(
                            $"there is no rollout \"{id}\".",
                            "tidegate rollout list shows those there are."
                        )
            )
            .Needs(Permission.ReadRollouts);
    }

    private static async Task<IResult> PlanAsync(
        PlanRollout request,
        RolloutDesk desk,
        CancellationToken cancellationToken
    ) =>
        await desk.PlanAsync(request.Release, request.Environment, request.Rules, cancellationToken) switch
        {
            PlanResult.Planned planned => TypedResults.Ok(PlanDocumentMapping.View(planned.Plan)),
            var refused => Refuse(refused),
        };

    private static async Task<IResult> StartAsync(
        StartRollout request,
        RolloutDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var result = await desk.PlanAsync(request.Release, request.Environment, request.Rules, cancellationToken);
        if (result is not PlanResult.Planned { Plan: var plan })
        {
            return Refuse(result);
        }

        if (request.PlanHash is { } expected && expected != plan.Hash)
        {
            return Problems.Conflict(
                $"the plan of now is {plan.Hash}, not {expected}: a tenant, the release or the rules have changed since.",
                "look at the new plan and start that one."
            );
        }

        if (plan.Waves.IsEmpty)
        {
            return Problems.Blocked(
                $"no tenant of {request.Environment} can take {request.Release}: {string.Join(" ", plan.Excluded.Take(5).Select(exclusion => exclusion.Reason))}"
            );
        }

        return await desk.StartAsync(
            plan,
            Actor.Of(context),
            request.Reason,
            request.Supersede,
            cancellationToken
        ) switch
        {
            StartRolloutResult.Started started => TypedResults.Ok(
                new StartedRollout(started.Id.Value, plan.Hash, PlanDocumentMapping.Excluded(plan))
            ),
            StartRolloutResult.Refused refused => Problems.Conflict(refused.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<Contracts.ApiProblem> Refuse(
        PlanResult result
    ) =>
        result switch
        {
            PlanResult.UnknownName unknown => Problems.NotFound(unknown.What, unknown.Next),
            PlanResult.Invalid invalid => Problems.Invalid(invalid.What),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
