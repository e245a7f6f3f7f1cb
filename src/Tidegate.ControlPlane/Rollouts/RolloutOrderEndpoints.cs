using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Tidegate.Contracts;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>The routes by which a person tells a rollout to stop or to go on.</summary>
internal static class RolloutOrderEndpoints
{
    public static async Task<IResult> AbortAsync(
        string id,
        AbortRollout request,
        RolloutDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await desk.AbortAsync(id, Actor.Of(context), request.Reason, cancellationToken) switch
        {
            AbortResult.Aborted aborted => TypedResults.Ok(
                new AbortedRollout(
                    id,
                    [.. aborted.GoingBack.Select(tenant => tenant.Value)],
                    [.. aborted.Finishing.Select(tenant => tenant.Value)],
                    [.. aborted.Asking.Select(tenant => tenant.Value)],
                    aborted.Untouched
                )
            ),
            AbortResult.UnknownRollout => Unknown(id),
            AbortResult.HasEnded ended => Ended(
                id,
                ended.Outcome,
                $"tidegate rollout show {id} shows what became of each tenant."
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public static async Task<IResult> ResumeAsync(
        string id,
        ResumeRollout request,
        RolloutDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await desk.ResumeAsync(id, request.Tenant, Actor.Of(context), request.Reason, cancellationToken) switch
        {
            ResumeResult.Resumed resumed => TypedResults.Ok(
                new ResumedRollout(
                    id,
                    [
                        .. resumed.Tenants.Select(tenant => new ResumedTenantView(
                            tenant.Tenant.Value,
                            tenant.IsGoingBack ? "back" : "forward",
                            tenant.Step
                        )),
                    ]
                )
            ),
            ResumeResult.UnknownRollout => Unknown(id),
            ResumeResult.UnknownTenant => Problems.NotFound(
                $"rollout {id} has no tenant \"{request.Tenant}\".",
                $"tidegate rollout show {id} shows its tenants."
            ),
            ResumeResult.HasEnded ended => Ended(
                id,
                ended.Outcome,
                "tidegate rollout start begins a new one for the tenants that are left."
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static JsonHttpResult<ApiProblem> Ended(string id, RolloutOutcome outcome, string next) =>
        Problems.Conflict(
            $"rollout {id} has ended already: {JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString())}.",
            next
        );

    public static JsonHttpResult<ApiProblem> Unknown(string id) =>
        Problems.NotFound($"there is no rollout \"{id}\".", "tidegate rollout list shows those there are.");
}
