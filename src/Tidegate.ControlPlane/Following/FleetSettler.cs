using System.Collections.Immutable;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Placement;

namespace Tidegate.ControlPlane.Following;

/// <summary>Makes the fleet what git says, as far as that can be done now; what is left stays noted until it is done, whoever is killed meanwhile.</summary>
public sealed class FleetSettler(
    SourceStore store,
    LiveFleetReader live,
    PlacementDesk desk,
    FollowingOptions options,
    TimeProvider clock
)
{
    /// <summary>
    /// Takes a commit's state and whatever of it can be taken at once, in one transaction; then what is open goes on:
    /// databases of new tenants are looked at, and tenants are served.
    /// </summary>
    /// <param name="acceptance">Null settles what is left of the state in force.</param>
    /// <param name="changed">What the commit changed; nothing without one.</param>
    /// <returns>What is left; null when the round is somebody else's.</returns>
    public async Task<SettlingResult?> SettleAsync(
        ClaimedSource claimed,
        SettlingOrder order,
        Acceptance? acceptance,
        IReadOnlyCollection<UnsettledObject> changed,
        CancellationToken cancellationToken
    )
    {
        var open = (await store.UnsettledAsync(cancellationToken)).Union(changed).ToList();
        var note = new SettlingNote(order.Commit, clock.GetUtcNow());
        var plan = SettlingPlanner.Plan(
            order,
            open,
            await live.ReadAsync(order.Fleet, open, cancellationToken),
            note.Now
        );
        var blockers = new SettlingBlockers(order.Commit, note.Now);
        if (await store.SettleAsync(claimed, acceptance, open, plan, note, cancellationToken) is not { } conflicts)
        {
            return null;
        }

        foreach (var conflict in conflicts)
        {
            blockers.Add(blockers.Conflicts(conflict));
        }

        if (await TakeInAsync(claimed, plan, blockers, note, cancellationToken) is not { } taken)
        {
            return null;
        }

        var toPlace = plan
            .ToPlace.Concat(taken)
            .Except(conflicts.Select(conflict => conflict.Tenant))
            .ToImmutableArray();
        if (!await PlaceAsync(claimed, toPlace, blockers, note, cancellationToken))
        {
            return null;
        }

        foreach (var stray in await live.StraysAsync(order.Fleet, cancellationToken))
        {
            blockers.Add(blockers.NotInGit(stray));
        }

        return new([.. plan.Blockers, .. blockers.All], (await store.UnsettledAsync(cancellationToken)).Count);
    }

    /// <summary>Looks at databases of tenants that are new, or that get another, and stores those that can be read.</summary>
    /// <returns>Those that are stored; null when the round is somebody else's.</returns>
    private async Task<IReadOnlyList<TenantName>?> TakeInAsync(
        ClaimedSource claimed,
        SettlingPlan plan,
        SettlingBlockers blockers,
        SettlingNote note,
        CancellationToken cancellationToken
    )
    {
        if (plan.Unseen.IsEmpty)
        {
            return [];
        }

        var unreadable = await desk.LookAsync(
            plan.Unseen.ToLookup(unseen => unseen.Site, unseen => unseen.Tenant),
            SourceStore.Actor,
            options.LookBound,
            cancellationToken
        );
        foreach (var tenant in unreadable)
        {
            blockers.Add(blockers.Unreadable(tenant.Tenant, tenant.Reason));
        }

        var names = unreadable.Select(tenant => tenant.Tenant).ToHashSet();
        var readable = plan
            .Unseen.Select(unseen => unseen.Tenant)
            .Where(tenant => !names.Contains(tenant.Name))
            .ToImmutableArray();
        if (
            await store.SettleAsync(claimed, null, [], new() { Tenants = readable }, note, cancellationToken)
            is not { } conflicts
        )
        {
            return null;
        }

        foreach (var conflict in conflicts)
        {
            blockers.Add(blockers.Conflicts(conflict));
        }

        return [.. readable.Select(tenant => tenant.Name).Except(conflicts.Select(conflict => conflict.Tenant))];
    }

    /// <returns>False when the round is somebody else's.</returns>
    private async Task<bool> PlaceAsync(
        ClaimedSource claimed,
        ImmutableArray<TenantName> tenants,
        SettlingBlockers blockers,
        SettlingNote note,
        CancellationToken cancellationToken
    )
    {
        if (tenants.IsEmpty)
        {
            return true;
        }

        var unplaced = await desk.PlaceAsync(tenants, SourceStore.Actor, options.PlaceBound, cancellationToken);
        foreach (var tenant in unplaced)
        {
            blockers.Add(blockers.NotServed(new TenantName(tenant.Tenant), tenant.Reason));
        }

        // A rollout may have come between: who is busy was left alone, and is served as git says when it has ended.
        var waiting = unplaced.Select(tenant => new TenantName(tenant.Tenant)).ToHashSet();
        foreach (var (tenant, rollout) in await live.BusyAsync(tenants, cancellationToken))
        {
            waiting.Add(tenant);
            blockers.Add(blockers.TenantIsBusy(tenant, rollout));
        }

        var settled = tenants.Where(tenant => !waiting.Contains(tenant)).Select(UnsettledObject.Of);
        return await store.SettleAsync(claimed, null, [], new() { Settled = [.. settled] }, note, cancellationToken)
            is not null;
    }
}

/// <summary>What settling left.</summary>
/// <param name="Open">How many pools and tenants are not settled.</param>
public sealed record SettlingResult(ImmutableArray<Blocker> Blockers, int Open);
