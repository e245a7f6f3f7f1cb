using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Checkpoints;

/// <summary>A checkpoint with what is known of its origin; null when this control plane does not know the upgrade.</summary>
public sealed record ListedCheckpoint(KeptCheckpoint Kept, CheckpointOrigin? Origin, TimeSpan Age);

/// <summary>What came of an order to drop a checkpoint.</summary>
public abstract record DropResult
{
    private DropResult() { }

    /// <param name="FreedBytes">0 when it was gone already.</param>
    public sealed record Dropped(string Tenant, long FreedBytes) : DropResult;

    /// <summary>No upgrade has this id.</summary>
    public sealed record Unknown : DropResult;

    /// <summary>A rollout works on the tenant; nothing was dropped.</summary>
    public sealed record TenantIsBusy(string Tenant, string Rollout) : DropResult;

    /// <summary>Something holds on to it; <paramref name="Reason"/> says who.</summary>
    public sealed record Held(string Reason) : DropResult;
}

/// <summary>Shows the checkpoints of the site and drops those that nobody wants to return to.</summary>
public sealed class CheckpointDesk(ISiteCheckpoints site, CheckpointStore store, TimeProvider clock)
{
    /// <summary>Every checkpoint, the oldest first.</summary>
    public async Task<IReadOnlyList<ListedCheckpoint>> ListAsync(CancellationToken cancellationToken)
    {
        var kept = await site.ListAsync(cancellationToken);
        var origins = await store.OriginsAsync(kept.Select(checkpoint => checkpoint.Upgrade), cancellationToken);
        var now = clock.GetUtcNow();
        return
        [
            .. kept.Select(checkpoint => new ListedCheckpoint(
                checkpoint,
                origins.GetValueOrDefault(checkpoint.Upgrade),
                now - checkpoint.KeptSince
            )),
        ];
    }

    /// <summary>Drops an upgrade's checkpoint: from then on its tenant has no way back by swap.</summary>
    public async Task<DropResult> DropAsync(
        UpgradeId upgrade,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        var origins = await store.OriginsAsync([upgrade], cancellationToken);
        if (origins.GetValueOrDefault(upgrade) is not { } origin)
        {
            return new DropResult.Unknown();
        }

        // The number first, then the look: a rollout that is not seen here begins later and has a higher one.
        var drop = new CheckpointDrop(upgrade, origin, actor, await store.NextEpochAsync(cancellationToken));
        if (await store.BusyWithAsync(origin.Tenant, cancellationToken) is { } rollout)
        {
            return new DropResult.TenantIsBusy(origin.Tenant, rollout);
        }

        var kept = await site.ListAsync(cancellationToken);
        return kept.FirstOrDefault(checkpoint => checkpoint.Upgrade == upgrade) is { } checkpoint
            ? await DropAsync(checkpoint, drop, reason, cancellationToken)
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
        // What has happened is recorded, also when whoever asked has gone.
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
