using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Checkpoints;

/// <summary>Asks a site's server to drop the checkpoint that an upgrade left. It writes the ledger itself: with tenant, rollout and digest.</summary>
public sealed record DropKept(UpgradeId Upgrade, string? Reason)
{
    public static readonly SiteRequestKind<DropKept, DropResult> Kind = new("drop-checkpoint");
}

/// <summary>Drops checkpoints of this server's site.</summary>
public sealed class DropKeptHandler(ISiteCheckpoints site, CheckpointStore store, TimeProvider clock)
    : SiteRequestHandler<DropKept, DropResult>(DropKept.Kind)
{
    protected override async Task<DropResult> AnswerAsync(
        DropKept request,
        ClaimedRequest claimed,
        CancellationToken cancellationToken
    )
    {
        var origins = await store.OriginsAsync([request.Upgrade], cancellationToken);
        if (origins.GetValueOrDefault(request.Upgrade) is not { } origin)
        {
            return new DropResult.Unknown();
        }

        // The epoch came first, then the look: a rollout that is not seen here begins later and has a higher one.
        var drop = new CheckpointDrop(request.Upgrade, origin, claimed.Actor, claimed.Epoch);
        if (await store.BusyWithAsync(origin.Tenant, cancellationToken) is { } rollout)
        {
            return new DropResult.TenantIsBusy(origin.Tenant, rollout);
        }

        var kept = await site.ListAsync(cancellationToken);
        return kept.FirstOrDefault(checkpoint => checkpoint.Upgrade == request.Upgrade) is { } checkpoint
            ? await DropAsync(checkpoint, drop, request.Reason, cancellationToken)
            : new DropResult.Dropped(origin.Tenant, FreedBytes: 0);
    }

    private async Task<DropResult> DropAsync(
        KeptCheckpoint checkpoint,
        CheckpointDrop drop,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        await store.LogAsync("intent", drop, reason, clock.GetUtcNow(), cancellationToken);
        var obstacle = await site.DropAsync(checkpoint, drop.Epoch, cancellationToken);
        // What has happened is recorded, also when the lease was lost meanwhile.
        await store.LogAsync(
            "outcome",
            drop,
            obstacle ?? $"checkpoint {checkpoint.Database} is gone",
            clock.GetUtcNow(),
            CancellationToken.None
        );
        return obstacle is null
            ? new DropResult.Dropped(drop.Origin.Tenant, checkpoint.Bytes)
            : new DropResult.Held(obstacle);
    }
}
