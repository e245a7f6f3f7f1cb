using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.Stores;

/// <summary>A rollout's row, with its numbers kept as its upgrades move: counting ten thousand at each decision would be the simulation's main work.</summary>
internal sealed class StoredRollout
{
    private readonly RolloutPolicy policy;
    private readonly SortedDictionary<int, Queue<StoredUpgrade>> pending = [];
    private readonly SortedDictionary<int, WaveSummary> waves = [];
    private readonly SortedDictionary<int, string> firstFailures = [];
    private long epoch;
    private string? owner;

    private StoredRollout(NewRollout rollout)
    {
        Id = rollout.Id;
        Environment = rollout.Plan.Environment;
        policy = rollout.Plan.Policy;
        DueAt = rollout.Now;
    }

    public RolloutId Id { get; }

    public EnvironmentName Environment { get; }

    public RolloutId? SupersededBy { get; set; }

    /// <summary>Why it was aborted, or null.</summary>
    public string? Aborted { get; private set; }

    public DateTimeOffset DueAt { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public RolloutOutcome? Outcome { get; private set; }

    private string? Ordered => Aborted ?? (SupersededBy is { } newer ? StopOrder.Superseded(newer) : null);

    public DateTimeOffset WakesAt => LeaseUntil ?? DueAt;

    public IEnumerable<StoredUpgrade> Pending => pending.Values.SelectMany(wave => wave);

    public static StoredRollout Of(NewRollout rollout)
    {
        var stored = new StoredRollout(rollout);
        var ordinal = 0;
        foreach (var wave in rollout.Plan.Waves)
        {
            var queue = new Queue<StoredUpgrade>(wave.Tenants.Length);
            foreach (var tenant in wave.Tenants)
            {
                var upgrade = new Upgrade(
                    rollout.UpgradeIdOf(ordinal++),
                    rollout.Id,
                    tenant.Target,
                    tenant.Steps,
                    tenant.Back,
                    UpgradeState.Pending,
                    Position: 0,
                    Attempts: 0,
                    rollout.Now,
                    Ending: null,
                    Reason: null,
                    Evidence: null
                );
                queue.Enqueue(new(upgrade, wave.Number, rollout.Sites[tenant.Target.Pool]));
            }

            stored.pending.Add(wave.Number, queue);
            stored.waves.Add(wave.Number, new(wave.Number, queue.Count, 0, 0, 0, 0, 0, 0));
        }

        return stored;
    }

    public bool IsDue(DateTimeOffset now, DateTimeOffset clock) =>
        Outcome is null && (LeaseUntil is { } until ? until < clock : DueAt <= now);

    public ClaimedRollout Claim(Claim claim, DateTimeOffset clock)
    {
        owner = claim.Owner;
        LeaseUntil = clock + claim.Lease;
        // A tenant that ends while the decision is made sets it again.
        DueAt = DateTimeOffset.MaxValue;
        return new(
            new(Id, policy, [.. waves.Values], Ordered, firstFailures.Values.FirstOrDefault()),
            ++epoch,
            claim.Owner
        );
    }

    /// <summary>A decision that was made before comes too late.</summary>
    public void Abort(string order, DateTimeOffset now)
    {
        Aborted = order;
        (owner, LeaseUntil, DueAt) = (null, null, now);
        epoch++;
    }

    /// <summary>False when the lease is somebody else's now.</summary>
    public bool GiveBack(ClaimedRollout claimed, RolloutDecision decision, DateTimeOffset now)
    {
        if (epoch != claimed.Epoch || !string.Equals(owner, claimed.Owner, StringComparison.Ordinal))
        {
            return false;
        }

        owner = null;
        LeaseUntil = null;
        DueAt = decision is RolloutDecision.Stop ? now : DueAt;
        Outcome = (decision as RolloutDecision.Finish)?.Outcome;
        return true;
    }

    public IEnumerable<StoredUpgrade> TakePending(int wave, int tenants)
    {
        for (var taken = 0; taken < tenants && pending[wave].TryDequeue(out var upgrade); taken++)
        {
            yield return upgrade;
        }
    }

    public IEnumerable<StoredUpgrade> TakeAllPending() =>
        pending.Keys.ToImmutableArray().SelectMany(wave => TakePending(wave, int.MaxValue));

    /// <summary>An upgrade of a wave moves on.</summary>
    public void Count(int wave, Upgrade before, Upgrade after)
    {
        waves[wave] = Changed(Changed(waves[wave], before, -1), after, +1);
        var isFailure =
            after.Ending is UpgradeEnding.RolledBack or UpgradeEnding.PutOff or UpgradeEnding.CompletedWithException;
        if (after.State is UpgradeState.Ended && isFailure)
        {
            firstFailures.TryAdd(wave, $"{after.Target.Tenant}: {after.Reason}");
        }
    }

    private static WaveSummary Changed(WaveSummary wave, Upgrade upgrade, int by) =>
        upgrade.State switch
        {
            UpgradeState.Pending => wave with { Pending = wave.Pending + by },
            UpgradeState.Forward or UpgradeState.Back or UpgradeState.Asking => wave with
            {
                Running = wave.Running + by,
            },
            UpgradeState.Ended => upgrade.Ending switch
            {
                UpgradeEnding.Completed => wave with { Completed = wave.Completed + by },
                UpgradeEnding.CompletedWithException => wave with
                {
                    CompletedWithException = wave.CompletedWithException + by,
                },
                UpgradeEnding.RolledBack => wave with { RolledBack = wave.RolledBack + by },
                UpgradeEnding.PutOff => wave with { PutOff = wave.PutOff + by },
                UpgradeEnding.Untouched => wave with { Untouched = wave.Untouched + by },
                null => throw new InvalidOperationException($"{upgrade.Id} ended without an ending"),
            },
        };
}
