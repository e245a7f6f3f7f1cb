using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Drift;

/// <summary>What is to be healed, and what is left.</summary>
/// <param name="Plans">One for each environment and release: a rollout has one digest.</param>
public sealed record HealingPlan(ImmutableArray<RolloutPlan> Plans, ImmutableArray<Unhealed> Left);

/// <summary>A difference that is not healed.</summary>
/// <param name="Why">One sentence.</param>
/// <param name="IsWaiting">It will be, once something else has ended.</param>
public sealed record Unhealed(DriftSubject Subject, DriftCode Code, string Why, bool IsWaiting = false);

/// <summary>Makes plans of differences. Pure.</summary>
public static class HealingPlanner
{
    private static readonly TimeSpan DrainBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HoldBound = TimeSpan.FromMinutes(2);

    /// <summary>What users are told to expect when their generation starts anew. An estimate.</summary>
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(10);

    private static readonly RolloutPolicy Policy = new()
    {
        Version = "healing/1",
        WaveSizes = [0],
        FailureBudget = int.MaxValue, // one that cannot be healed is no reason to leave the others
        HoldBound = HoldBound,
        DrainBound = DrainBound,
    };

    /// <param name="members">Every tenant of the sites that the differences are of.</param>
    /// <param name="busy">Tenants that a rollout or a healing has.</param>
    public static HealingPlan Plan(
        IReadOnlyCollection<Difference> differences,
        IReadOnlyCollection<FleetMember> members,
        IReadOnlySet<TenantName> busy
    )
    {
        var (steps, left) = (new Dictionary<TenantName, HashSet<Remedy>>(), new List<Unhealed>());
        var tenants = members.ToDictionary(member => DriftSubject.Of(member.Tenant.Name));
        var generations = members.ToLookup(member => DriftSubject.Of(member.Pool.Name, member.Tenant.Release));
        foreach (var difference in differences)
        {
            List<FleetMember> served = tenants.TryGetValue(difference.Subject, out var tenant)
                ? [tenant]
                :
                [
                    .. generations[difference.Subject]
                        .OrderBy(member => member.Tenant.Name.Value, StringComparer.Ordinal),
                ];
            if (Obstacle(difference, served, busy) is { } obstacle)
            {
                left.Add(obstacle);
                continue;
            }

            var name = served[0].Tenant.Name;
            if (!steps.TryGetValue(name, out var remedies))
            {
                steps.Add(name, remedies = []);
            }

            remedies.Add(difference.Code.Remedy);
        }

        return new(
            [
                .. members
                    .Where(member => steps.ContainsKey(member.Tenant.Name))
                    .GroupBy(member => (member.Pool.Environment, member.Release))
                    .Select(same => Plan(same.Key.Environment, same.Key.Release, same, steps)),
            ],
            [.. left]
        );
    }

    private static Unhealed? Obstacle(Difference difference, List<FleetMember> served, IReadOnlySet<TenantName> busy)
    {
        var code = difference.Code;
        if (!code.IsHealable)
        {
            return new(difference.Subject, code, code.Next);
        }

        if (served.Count == 0)
        {
            return new(difference.Subject, code, "no tenant of the fleet is on it");
        }

        // A generation is everybody's who is on it: a rollout of one of them must not lose its processes.
        var others = code.Remedy is Remedy.Generation ? served : served.Take(1);
        return others.FirstOrDefault(member => busy.Contains(member.Tenant.Name)) is { } working
            ? new(difference.Subject, code, $"a rollout works on {working.Tenant.Name}", IsWaiting: true)
            : null;
    }

    private static RolloutPlan Plan(
        EnvironmentName environment,
        ReleaseRef release,
        IEnumerable<FleetMember> members,
        Dictionary<TenantName, HashSet<Remedy>> steps
    )
    {
        var plan = new RolloutPlan(
            environment,
            release,
            Policy,
            [
                new Wave(
                    1,
                    [
                        .. members
                            .OrderBy(member => member.Tenant.Name.Value, StringComparer.Ordinal)
                            .Select(member => Tenant(member, steps[member.Tenant.Name])),
                    ]
                ),
            ],
            [],
            Hash: ""
        );
        return plan with { Hash = PlanHash.Of(plan) };
    }

    /// <summary>Rights first: without them a generation cannot start; the route last: ports are known by then.</summary>
    private static TenantPlan Tenant(FleetMember member, HashSet<Remedy> remedies)
    {
        var restarts = remedies.Contains(Remedy.Generation);
        var tenant = member.Tenant;
        return new(
            UpgradeTarget.Unchanged(tenant, member.Pool, member.Release),
            [
                .. remedies.Contains(Remedy.Rights) ? [new RestoreRights()] : Array.Empty<Step>(),
                .. restarts ? [new RestartGeneration(DrainBound, HoldBound)] : Array.Empty<Step>(),
                .. remedies.Contains(Remedy.Route) ? [new RestoreRoute()] : Array.Empty<Step>(),
            ],
            restarts ? [new ReopenGeneration()] : [],
            CutoverMode.Held,
            restarts ? Restart : TimeSpan.Zero,
            CheckpointBytes: 0
        );
    }
}
