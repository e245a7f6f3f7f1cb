using System.Collections.Immutable;
using NodaTime;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.Stores;

public sealed partial class InMemoryRolloutStore : IStartCandidates
{
    private readonly List<RecordedDecision> decisions = [];
    private readonly Dictionary<string, int> openings = new(StringComparer.Ordinal);

    /// <summary>By whose clock a tenant's calendars go; UTC for one that is not here.</summary>
    public Dictionary<TenantName, DateTimeZone> Zones { get; } = [];

    /// <summary>Every decision by calendars that was kept, in order.</summary>
    public IReadOnlyList<RecordedDecision> Decisions => decisions;

    /// <summary>What was told of each rollout that waits for a calendar or a limit.</summary>
    public Dictionary<RolloutId, ImmutableArray<ControlPlane.Blockers.Blocker>> Told { get; } = [];

    public Task<IReadOnlyList<StartCandidate>> PendingAsync(
        ClaimedRollout rollout,
        int wave,
        CancellationToken cancellationToken
    )
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<StartCandidate>>([
                .. rollouts[rollout.Summary.Id].PendingOf(wave).Select(stored => Candidate(rollout, stored)),
            ]);
        }
    }

    public Task<IReadOnlyList<StartCandidate>> UnderWayAsync(
        ClaimedRollout rollout,
        CancellationToken cancellationToken
    )
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<StartCandidate>>([
                .. Of(rollout.Summary.Id)
                    .Where(stored => stored is { Upgrade.State: UpgradeState.Forward, HasBegunToOpen: false })
                    .Select(stored => Candidate(rollout, stored)),
            ]);
        }
    }

    public Task<IReadOnlyDictionary<string, int>> StartedAsync(
        IReadOnlyCollection<string> openings,
        CancellationToken cancellationToken
    )
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyDictionary<string, int>>(
                openings.ToDictionary(
                    opening => opening,
                    opening => this.openings.GetValueOrDefault(opening),
                    StringComparer.Ordinal
                )
            );
        }
    }

    private StartCandidate Candidate(ClaimedRollout rollout, StoredUpgrade stored)
    {
        var target = stored.Upgrade.Target;
        return new(
            stored.Upgrade.Id,
            new CalendarTarget(
                target.Tenant,
                rollouts[stored.Upgrade.Rollout].Environment,
                stored.Site,
                target.Pool,
                [],
                Zones.GetValueOrDefault(target.Tenant, DateTimeZone.Utc),
                rollout.Calendar?.Class,
                rollout.Calendar?.Risk
            )
            {
                IsWithoutRelease = rollout.Calendar is { IsWithoutRelease: true },
            },
            stored.Need
        );
    }

    private void Begin(StoredRollout rollout, ImmutableArray<ChosenStart> chosen, DateTimeOffset now)
    {
        foreach (var each in chosen)
        {
            var pending = upgrades[each.Id];
            rollout.Take(pending);
            Move(pending, UpgradeDecider.Begin(pending.Upgrade, now));
            if (each.Decision is { } decision)
            {
                decisions.Add(decision);
            }

            foreach (var opening in each.Openings)
            {
                openings[opening] = openings.GetValueOrDefault(opening) + 1;
            }
        }
    }

    private void TurnBack(ImmutableArray<TurnedBack> turned, DateTimeOffset now)
    {
        foreach (var each in turned)
        {
            var stored = upgrades[each.Id];
            var moved = UpgradeDecider.Abort(stored.Upgrade, stored.HasBegunToOpen, each.Reason, now);
            if (moved != stored.Upgrade)
            {
                Order(stored, moved);
                decisions.Add(each.Decision);
            }
        }
    }

    private void Tell(RolloutId rollout, RolloutDecision decision)
    {
        if (decision is RolloutDecision.Wait { Blockers.IsEmpty: false } wait)
        {
            Told[rollout] = wait.Blockers;
            if (wait.Decision is { } asked)
            {
                decisions.Add(asked);
            }
        }
        else
        {
            Told.Remove(rollout);
        }
    }
}
