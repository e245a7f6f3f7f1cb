using System.Collections.Immutable;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.Stores;

/// <summary>A rollout's row, with its numbers kept as its upgrades move: counting ten thousand at each decision would be the simulation's main work.</summary>
internal sealed class StoredRollout
{
    private readonly RolloutPolicy policy;
    private readonly RolloutCalendar? calendar;
    private readonly EmergencyToOpen? emergency;
    private readonly SortedDictionary<int, Dictionary<SiteName, Queue<StoredUpgrade>>> pending = [];
    private readonly SortedDictionary<int, WaveSummary> waves = [];
    private readonly SortedDictionary<int, string> firstFailures = [];
    private long epoch;
    private string? owner;

    private StoredRollout(NewRollout rollout)
    {
        Id = rollout.Id;
        Kind = rollout.Kind;
        Environment = rollout.Plan.Environment;
        policy = rollout.Plan.Policy;
        calendar = rollout.StartKind is { } kind
            ? new(kind, rollout.Plan.Calendar.Class, rollout.Plan.Calendar.Risk, IsTold: false)
            {
                IsWithoutRelease = rollout.Kind is not RolloutKind.Release,
            }
            : null;
        emergency = rollout.Emergency;
        DueAt = rollout.Now;
    }

    public RolloutId Id { get; }

    public RolloutKind Kind { get; }

    public EnvironmentName Environment { get; }

    public RolloutId? SupersededBy { get; set; }

    /// <summary>Why it was aborted, or null.</summary>
    public string? Aborted { get; private set; }

    public DateTimeOffset DueAt { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public RolloutOutcome? Outcome { get; private set; }

    private string? Ordered => Aborted ?? (SupersededBy is { } newer ? StopOrder.Superseded(newer) : null);

    public DateTimeOffset WakesAt => LeaseUntil ?? DueAt;

    public IEnumerable<StoredUpgrade> Pending =>
        pending.Values.SelectMany(wave => wave.Values).SelectMany(site => site);

    /// <summary>Those of a wave, of each site in the plan's order.</summary>
    public IEnumerable<StoredUpgrade> PendingOf(int wave) => pending[wave].Values.SelectMany(site => site);

    public static StoredRollout Of(NewRollout rollout)
    {
        var stored = new StoredRollout(rollout);
        var ordinal = 0;
        foreach (var wave in rollout.Plan.Waves)
        {
            var sites = new Dictionary<SiteName, Queue<StoredUpgrade>>();
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
                var site = rollout.Sites[tenant.Target.Pool];
                if (!sites.TryGetValue(site, out var queue))
                {
                    sites.Add(site, queue = new());
                }

                queue.Enqueue(new(upgrade, wave.Number, site, tenant.Need));
            }

            stored.pending.Add(wave.Number, sites);
            stored.waves.Add(
                wave.Number,
                new(
                    wave.Number,
                    [
                        .. sites
                            .OrderBy(site => site.Key.Value, StringComparer.Ordinal)
                            .Select(site => new OpenTenants(site.Key, site.Value.Count, Running: 0)),
                    ],
                    0,
                    0,
                    0,
                    0,
                    0
                )
            );
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
        )
        {
            Calendar =
                calendar is not null && emergency is { } open && open.Expires > claim.Now
                    ? calendar with
                    {
                        Past = OverriddenRules.Of(open.Id.Value, open.Overrides),
                    }
                    : calendar,
        };
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
        var wake = (decision as RolloutDecision.Start)?.Wake ?? (decision as RolloutDecision.Wait)?.Wake;
        DueAt =
            decision is RolloutDecision.Stop or RolloutDecision.GoBack ? now
            : wake < DueAt ? wake.Value
            : DueAt;
        Outcome = (decision as RolloutDecision.Finish)?.Outcome;
        return true;
    }

    public IEnumerable<StoredUpgrade> TakePending(int wave, StartOnSite start)
    {
        for (var taken = 0; taken < start.Tenants && pending[wave][start.Site].TryDequeue(out var upgrade); taken++)
        {
            yield return upgrade;
        }
    }

    /// <summary>It begins no more.</summary>
    public void Take(StoredUpgrade upgrade)
    {
        var queue = pending[upgrade.Wave][upgrade.Site];
        pending[upgrade.Wave][upgrade.Site] = new(queue.Where(other => other != upgrade));
    }

    public IEnumerable<StoredUpgrade> TakeAllPending() =>
        pending
            .SelectMany(wave => wave.Value.Keys.Select(site => (wave.Key, site)))
            .ToImmutableArray()
            .SelectMany(queue => TakePending(queue.Key, new(queue.site, int.MaxValue)));

    /// <summary>An upgrade moves on.</summary>
    public void Count(StoredUpgrade upgrade, Upgrade before, Upgrade after)
    {
        var wave = upgrade.Wave;
        waves[wave] = Changed(Changed(waves[wave], upgrade.Site, before, -1), upgrade.Site, after, +1);
        var isFailure =
            after.Ending is UpgradeEnding.RolledBack or UpgradeEnding.PutOff or UpgradeEnding.CompletedWithException;
        if (after.State is UpgradeState.Ended && isFailure)
        {
            firstFailures.TryAdd(wave, $"{after.Target.Tenant}: {after.Reason}");
        }
    }

    private static WaveSummary Changed(WaveSummary wave, SiteName site, Upgrade upgrade, int by) =>
        upgrade.State switch
        {
            UpgradeState.Pending => wave with
            {
                Open = Changed(wave.Open, site, open => open with { Pending = open.Pending + by }),
            },
            UpgradeState.Forward or UpgradeState.Back or UpgradeState.Asking => wave with
            {
                Open = Changed(wave.Open, site, open => open with { Running = open.Running + by }),
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

    private static ImmutableArray<OpenTenants> Changed(
        ImmutableArray<OpenTenants> sites,
        SiteName site,
        Func<OpenTenants, OpenTenants> change
    )
    {
        var found = sites.Single(open => open.Site == site);
        return sites.Replace(found, change(found));
    }
}
