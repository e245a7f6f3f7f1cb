using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.Stores;

/// <summary>Rollouts in memory, with the promises of the real store: leases, epochs, guarded records.</summary>
public sealed partial class InMemoryRolloutStore(TimeProvider clock) : IRolloutStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<RolloutId, StoredRollout> rollouts = [];
    private readonly Dictionary<UpgradeId, StoredUpgrade> upgrades = [];
    private readonly SortedSet<(DateTimeOffset At, string Id)> due = [];
    private readonly SortedSet<(DateTimeOffset Until, string Id)> leased = [];
    private long lastEpoch;
    private long lastRun;

    /// <summary>Every upgrade as it stands.</summary>
    public IEnumerable<Upgrade> Upgrades => upgrades.Values.Select(stored => stored.Upgrade);

    /// <summary>How a rollout ended; null while it runs.</summary>
    public RolloutOutcome? OutcomeOf(RolloutId rollout) => rollouts[rollout].Outcome;

    /// <summary>When there is next something to do: a step that is due, a lease that runs out. Null when nothing is left.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            var running = rollouts.Values.Where(rollout => rollout.Outcome is null).Select(rollout => rollout.WakesAt);
            var times = running
                .Concat(due.Take(1).Select(step => step.At))
                .Concat(leased.Take(1).Select(step => step.Until));
            return times.Where(time => time < DateTimeOffset.MaxValue).Select(time => (DateTimeOffset?)time).Min();
        }
    }

    /// <summary>Makes every lease that is held now run out.</summary>
    public void ExpireLeases()
    {
        foreach (var id in leased.Select(lease => new UpgradeId(lease.Id)).ToArray())
        {
            MakeDue(upgrades[id]);
        }

        foreach (var rollout in rollouts.Values.Where(rollout => rollout.LeaseUntil is not null))
        {
            rollout.LeaseUntil = DateTimeOffset.MinValue;
        }
    }

    public Task<StartRolloutResult> StartAsync(NewRollout rollout, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(Start(rollout));
        }
    }

    public Task<ClaimedUpgrade?> ClaimUpgradeAsync(Claim claim, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            FreeExpired();
            foreach (var (at, id) in due)
            {
                if (at > claim.Now)
                {
                    break;
                }

                var stored = upgrades[new(id)];
                if (claim.Sites.Contains(stored.Site.Value, StringComparer.Ordinal))
                {
                    return Task.FromResult<ClaimedUpgrade?>(Lease(stored, claim));
                }
            }

            return Task.FromResult<ClaimedUpgrade?>(null);
        }
    }

    public Task<bool> RenewAsync(ClaimedUpgrade claimed, TimeSpan lease, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (Owned(claimed) is not { } stored)
            {
                return Task.FromResult(false);
            }

            leased.Remove((stored.LeaseUntil, stored.Upgrade.Id.Value));
            stored.LeaseUntil = clock.GetUtcNow() + lease;
            leased.Add((stored.LeaseUntil, stored.Upgrade.Id.Value));
            return Task.FromResult(true);
        }
    }

    public Task<bool> RecordAsync(
        ClaimedUpgrade claimed,
        Attempt attempt,
        Upgrade moved,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        lock (gate)
        {
            if (Owned(claimed) is not { } stored)
            {
                return Task.FromResult(false);
            }

            if ((moved.State, moved.Position) != (stored.Upgrade.State, stored.Upgrade.Position))
            {
                stored.StepStartedAt = null;
            }

            Move(stored, moved);
            if (moved.State is UpgradeState.Ended)
            {
                rollouts[moved.Rollout].DueAt = now;
            }

            return Task.FromResult(true);
        }
    }

    public Task<ClaimedRollout?> ClaimRolloutAsync(Claim claim, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var rollout = rollouts
                .Values.Where(rollout => rollout.IsDue(claim.Now, clock.GetUtcNow()))
                .MinBy(rollout => (rollout.DueAt, rollout.Id.Value));
            return Task.FromResult(
                rollout?.Claim(claim, clock.GetUtcNow()) is { } claimed
                    ? claimed with
                    {
                        Calendar = claimed.Calendar is { } asked
                            ? asked with
                            {
                                IsTold = Told.ContainsKey(rollout.Id),
                            }
                            : null,
                    }
                    : null
            );
        }
    }

    public Task<bool> ApplyAsync(
        ClaimedRollout claimed,
        RolloutDecision decision,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        lock (gate)
        {
            var rollout = rollouts[claimed.Summary.Id];
            if (!rollout.GiveBack(claimed, decision, now))
            {
                return Task.FromResult(false);
            }

            switch (decision)
            {
                case RolloutDecision.Start { Chosen: { } chosen }:
                    Begin(rollout, chosen, now);
                    break;
                case RolloutDecision.GoBack back:
                    TurnBack(back.Tenants, now);
                    break;
                case RolloutDecision.Start start:
                    foreach (var pending in start.Sites.SelectMany(site => rollout.TakePending(start.Wave, site)))
                    {
                        Move(pending, UpgradeDecider.Begin(pending.Upgrade, now));
                    }

                    break;
                case RolloutDecision.Stop stop:
                    LeaveUntouched(rollout, stop.Reason, now);
                    break;
                case RolloutDecision.Wait:
                case RolloutDecision.Finish:
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }

            Tell(claimed.Summary.Id, decision);
            return Task.FromResult(true);
        }
    }

    private StartRolloutResult Start(NewRollout rollout)
    {
        var plan = rollout.Plan;
        var isRelease = rollout.Kind is RolloutKind.Release;
        var older = !isRelease
            ? null
            : rollouts.Values.FirstOrDefault(other =>
                other is { Outcome: null, Kind: RolloutKind.Release } && other.Environment == plan.Environment
            );
        if (older is not null && !rollout.Supersede)
        {
            return new StartRolloutResult.Refused(
                $"rollout {older.Id} runs in {plan.Environment}; wait for it to end or supersede it."
            );
        }

        var targets = plan.Waves.SelectMany(wave => wave.Tenants).Select(tenant => tenant.Target.Tenant).ToHashSet();
        if (isRelease && Healing(targets, rollout) is { } healing)
        {
            return healing;
        }

        if (rollout.Kind is RolloutKind.Restore)
        {
            GiveWay(targets, rollout);
        }

        var busy = upgrades.Values.FirstOrDefault(stored =>
            stored.Upgrade.State is not UpgradeState.Ended
            && !(stored.Upgrade.State is UpgradeState.Pending && stored.Upgrade.Rollout == older?.Id)
            && targets.Contains(stored.Upgrade.Target.Tenant)
        );
        if (busy is not null)
        {
            return new StartRolloutResult.Refused(
                $"another rollout works on {busy.Upgrade.Target.Tenant}; plan again."
            );
        }

        if (older is not null)
        {
            older.SupersededBy = rollout.Id;
            older.DueAt = rollout.Now;
            LeaveUntouched(older, StopOrder.Superseded(rollout.Id), rollout.Now);
        }

        var stored = StoredRollout.Of(rollout);
        rollouts.Add(rollout.Id, stored);
        foreach (var upgrade in stored.Pending)
        {
            upgrades.Add(upgrade.Upgrade.Id, upgrade);
        }

        return new StartRolloutResult.Started(rollout.Id);
    }

    /// <summary>A release goes before healings that have not begun; one that has is waited for.</summary>
    private StartRolloutResult.Healing? Healing(HashSet<TenantName> targets, NewRollout rollout)
    {
        var healed = upgrades
            .Values.Where(stored =>
                stored.Upgrade.State is not UpgradeState.Ended
                && rollouts[stored.Upgrade.Rollout].Kind is RolloutKind.Healing
                && targets.Contains(stored.Upgrade.Target.Tenant)
            )
            .ToList();
        if (healed.Find(stored => stored.Upgrade.State is not UpgradeState.Pending) is { } begun)
        {
            return new($"healing {begun.Upgrade.Rollout} works on {begun.Upgrade.Target.Tenant}; it takes seconds.");
        }

        foreach (var pending in healed)
        {
            rollouts[pending.Upgrade.Rollout].Take(pending);
            LeaveUntouched(pending, $"rollout {rollout.Id} goes first", rollout.Now);
            rollouts[pending.Upgrade.Rollout].DueAt = rollout.Now;
        }

        return null;
    }

    /// <summary>What has not begun on these tenants is left; what only watches them is over.</summary>
    private void GiveWay(HashSet<TenantName> targets, NewRollout rollout)
    {
        var reason = $"the tenant goes back: {rollout.Id}";
        foreach (var stored in upgrades.Values.Where(stored => targets.Contains(stored.Upgrade.Target.Tenant)).ToList())
        {
            if (stored.Upgrade.State is UpgradeState.Pending)
            {
                rollouts[stored.Upgrade.Rollout].Take(stored);
                LeaveUntouched(stored, reason, rollout.Now);
                rollouts[stored.Upgrade.Rollout].DueAt = rollout.Now;
            }
            else if (stored.Upgrade is { State: UpgradeState.Forward, Next: Bake })
            {
                Move(
                    stored,
                    stored.Upgrade with
                    {
                        State = UpgradeState.Ended,
                        Ending = UpgradeEnding.CompletedWithException,
                        Reason = reason,
                    }
                );
                rollouts[stored.Upgrade.Rollout].DueAt = rollout.Now;
            }
        }
    }

    private void LeaveUntouched(StoredRollout rollout, string reason, DateTimeOffset now)
    {
        foreach (var pending in rollout.TakeAllPending())
        {
            LeaveUntouched(pending, reason, now);
        }
    }

    private void LeaveUntouched(StoredUpgrade pending, string reason, DateTimeOffset now) =>
        Move(
            pending,
            pending.Upgrade with
            {
                State = UpgradeState.Ended,
                Ending = UpgradeEnding.Untouched,
                Reason = reason,
                DueAt = now,
            }
        );

    private ClaimedUpgrade Lease(StoredUpgrade stored, Claim claim)
    {
        due.Remove((stored.Upgrade.DueAt, stored.Upgrade.Id.Value));
        stored.Epoch = ++lastEpoch;
        stored.Owner = claim.Owner;
        stored.StepStartedAt ??= claim.Now;
        stored.HasBegunToOpen |= stored.Upgrade.Next is Open;
        stored.LeaseUntil = clock.GetUtcNow() + claim.Lease;
        leased.Add((stored.LeaseUntil, stored.Upgrade.Id.Value));
        return new(stored.Upgrade, stored.Epoch, claim.Owner, ++lastRun, stored.StepStartedAt.Value);
    }

    private void Move(StoredUpgrade stored, Upgrade moved)
    {
        leased.Remove((stored.LeaseUntil, stored.Upgrade.Id.Value));
        due.Remove((stored.Upgrade.DueAt, stored.Upgrade.Id.Value));
        rollouts[moved.Rollout].Count(stored, stored.Upgrade, moved);
        stored.Owner = null;
        stored.Upgrade = moved;
        MakeDue(stored);
    }

    private void FreeExpired()
    {
        while (leased.Count > 0 && leased.Min.Until < clock.GetUtcNow())
        {
            MakeDue(upgrades[new(leased.Min.Id)]);
        }
    }

    private void MakeDue(StoredUpgrade stored)
    {
        leased.Remove((stored.LeaseUntil, stored.Upgrade.Id.Value));
        if (stored.Upgrade.State is UpgradeState.Forward or UpgradeState.Back)
        {
            due.Add((stored.Upgrade.DueAt, stored.Upgrade.Id.Value));
        }
    }

    private StoredUpgrade? Owned(ClaimedUpgrade claimed)
    {
        var stored = upgrades[claimed.Upgrade.Id];
        return stored.Epoch == claimed.Epoch && string.Equals(stored.Owner, claimed.Owner, StringComparison.Ordinal)
            ? stored
            : null;
    }
}
