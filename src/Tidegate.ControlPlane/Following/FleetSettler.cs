using System.Collections.Immutable;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Placement;

namespace Tidegate.ControlPlane.Following;

/// <summary>Makes the fleet what git says, as far as that can be done now; what is left stays noted until it is done, whoever is killed meanwhile.</summary>
/// <remarks>For one round at a time.</remarks>
public sealed class FleetSettler(
    SourceStore store,
    LiveFleetReader live,
    PlacementDesk desk,
    FollowingOptions options,
    TimeProvider clock
)
{
    /// <summary>Tenants that a site's server is asked for at once.</summary>
    private const int AtOnce = 250;

    private readonly Turns _looking = new();
    private readonly Turns _placing = new();

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

        var until = clock.GetUtcNow() + options.SettleBound;
        if (await TakeInAsync(claimed, plan.Unseen, blockers, note, until, cancellationToken) is not { } taken)
        {
            return null;
        }

        var left = conflicts.Select(conflict => conflict.Tenant);
        var toPlace = plan.ToPlace.Except(left).Concat(taken.Tenants).ToList();
        if (await PlaceAsync(claimed, toPlace, blockers, note, until, cancellationToken) is not { } isDone)
        {
            return null;
        }

        foreach (var stray in await live.StraysAsync(order.Fleet, cancellationToken))
        {
            blockers.Add(blockers.NotInGit(stray));
        }

        return new(
            [.. plan.Blockers.Concat(blockers.All).DistinctBy(blocker => (blocker.Subject, blocker.Code))],
            (await store.UnsettledAsync(cancellationToken)).Count,
            taken.IsDone && isDone
        );
    }

    /// <summary>Looks at databases of tenants that are new, or that get another, and stores those that can be read; a part at a time, so that each part counts.</summary>
    /// <returns>Those that are stored, and whether all were looked at; null when the round is somebody else's.</returns>
    private async Task<(IReadOnlyList<TenantName> Tenants, bool IsDone)?> TakeInAsync(
        ClaimedSource claimed,
        IEnumerable<UnseenTenant> tenants,
        SettlingBlockers blockers,
        SettlingNote note,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        var taken = new List<TenantName>();
        foreach (
            var part in _looking.Parts(
                [.. tenants.OrderBy(unseen => unseen.Tenant.Pool.Value, StringComparer.Ordinal)],
                unseen => unseen.Tenant.Name,
                AtOnce
            )
        )
        {
            if (clock.GetUtcNow() > until)
            {
                return (taken, false);
            }

            var unreadable = await desk.LookAsync(
                part.ToLookup(unseen => unseen.Site, unseen => unseen.Tenant),
                SourceStore.Actor,
                options.LookBound,
                cancellationToken
            );
            foreach (var tenant in unreadable)
            {
                blockers.Add(blockers.Unreadable(tenant.Tenant, tenant.Reason));
            }

            var names = unreadable.Select(tenant => tenant.Tenant).ToHashSet();
            ImmutableArray<Tenant> readable =
            [
                .. part.Select(unseen => unseen.Tenant).Where(tenant => !names.Contains(tenant.Name)),
            ];
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

            taken.AddRange(
                readable.Select(tenant => tenant.Name).Except(conflicts.Select(conflict => conflict.Tenant))
            );
        }

        return (taken, true);
    }

    /// <summary>Has tenants served, a part at a time.</summary>
    /// <returns>Whether all were asked for; null when the round is somebody else's.</returns>
    private async Task<bool?> PlaceAsync(
        ClaimedSource claimed,
        IReadOnlyCollection<TenantName> tenants,
        SettlingBlockers blockers,
        SettlingNote note,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        foreach (var part in _placing.Parts(tenants, tenant => tenant, AtOnce))
        {
            if (clock.GetUtcNow() > until)
            {
                return false;
            }

            var unplaced = await desk.PlaceAsync(part, SourceStore.Actor, options.PlaceBound, cancellationToken);
            foreach (var tenant in unplaced)
            {
                blockers.Add(blockers.NotServed(new TenantName(tenant.Tenant), tenant.Reason));
            }

            // A rollout may have come between: who is busy was left alone, and is served as git says when it has ended.
            var waiting = unplaced.Select(tenant => new TenantName(tenant.Tenant)).ToHashSet();
            foreach (var (tenant, rollout) in await live.BusyAsync(part, cancellationToken))
            {
                waiting.Add(tenant);
                blockers.Add(blockers.TenantIsBusy(tenant, rollout));
            }

            var settled = part.Where(tenant => !waiting.Contains(tenant)).Select(UnsettledObject.Of);
            var plan = new SettlingPlan { Settled = [.. settled] };
            if (await store.SettleAsync(claimed, null, [], plan, note, cancellationToken) is null)
            {
                return null;
            }
        }

        return true;
    }
}

/// <summary>What settling left.</summary>
/// <param name="Open">How many pools and tenants are not settled.</param>
/// <param name="IsDone">Whether all that could be done was begun; otherwise there was no time, and it goes on.</param>
public sealed record SettlingResult(ImmutableArray<Blocker> Blockers, int Open, bool IsDone);
