using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Checkpoints;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Checkpoints;

public static class CheckpointEndpoints
{
    public static void MapCheckpoints(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(
                "/api/checkpoints",
                async (
                    CheckpointDesk desk,
                    Visible visible,
                    HttpContext context,
                    CancellationToken cancellationToken
                ) => View(await desk.ListAsync(visible, Actor.Of(context), cancellationToken))
            )
            .Needs(Permission.ReadCheckpoints)
            .AboutWhatIsVisible();
        routes
            .MapPost("/api/checkpoints/{id}/drop", DropAsync)
            .Needs(Permission.DropCheckpoints)
            .About(SubjectKind.Checkpoint, "id");
    }

    private static async Task<IResult> DropAsync(
        string id,
        DropCheckpoint request,
        CheckpointDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await desk.DropAsync(new UpgradeId(id), Actor.Of(context), request.Reason, cancellationToken) switch
        {
            DropResult.Dropped dropped => TypedResults.Ok(
                new DroppedCheckpoint(id, dropped.Tenant, dropped.FreedBytes)
            ),
            DropResult.Unknown => Problems.NotFound(
                $"there is no checkpoint \"{id}\".",
                "tidegate checkpoint list shows those there are."
            ),
            DropResult.TenantIsBusy busy => Problems.Conflict(
                $"{busy.Tenant} is being worked on by rollout {busy.Rollout}, which may need the checkpoint.",
                $"tidegate rollout watch {busy.Rollout}, then drop it."
            ),
            DropResult.Unanswered unanswered => Problems.Blocked(
                unanswered.Reason,
                "tidegate checkpoint list shows whether it is gone."
            ),
            DropResult.Held held => Problems.Conflict($"checkpoint {id} is not gone: {held.Reason}", "drop it again."),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static CheckpointList View(ListedCheckpoints listed) =>
        new(
            [.. listed.Checkpoints.Select(View)],
            [.. listed.Missing.Select(missing => new SilentSite(missing.Site.Value, missing.Reason))]
        );

    private static CheckpointView View(ListedCheckpoint listed) =>
        new(
            listed.Kept.Upgrade.Value,
            listed.Kept.Tenant.Value,
            listed.Kept.Database,
            listed.Kept.Bytes,
            listed.Kept.KeptSince,
            listed.Age.TotalSeconds,
            listed.Origin?.Release,
            listed.Origin?.Rollout.Value,
            listed.Origin?.IsInUse ?? false,
            listed.Site.Value
        );
}
