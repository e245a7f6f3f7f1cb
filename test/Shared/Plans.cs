using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.TestKit;

/// <summary>Small plans for tests: tenants <c>t1</c>, <c>t2</c>, … in pool <c>shared</c>, from release 1 to release 2.</summary>
public static class Plans
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    public static readonly ReleaseRef Old = new("2026.11.1", Digest('1'));

    public static readonly ReleaseRef New = new("2026.11.2", Digest('2'));

    public static ReleaseDigest Digest(char digit) => ReleaseDigest.Create("sha256:" + new string(digit, 64));

    public static TenantCandidate Candidate(
        int number,
        long bytes = 50 << 20,
        RolloutId? busyWith = null,
        string? problem = null
    ) =>
        new(
            new Tenant(
                new TenantName($"t{number}"),
                new PoolName("shared"),
                $"db{number}",
                [$"t{number}.example"],
                "Europe/Oslo",
                new TenantProfile("journey", "journey", []),
                Old.Digest
            ),
            new Pool(
                new PoolName("shared"),
                new SiteName("local"),
                new EnvironmentName("production"),
                HostingModel.Shared,
                2
            ),
            Old,
            new TenantFacts(bytes, ["base", "shop_promo"]),
            ["shop_promo"],
            busyWith,
            problem
        );

    public static RolloutPlan Of(int tenants, RolloutPolicy? policy = null) =>
        RolloutPlanner.Plan(
            new PlanRequest(new EnvironmentName("production"), New, policy ?? new RolloutPolicy(), []),
            [.. Enumerable.Range(1, tenants).Select(number => Candidate(number))]
        );

    /// <summary>A healing of the rights of these tenants on release 1.</summary>
    public static NewRollout Healing(string id, params IReadOnlyList<int> tenants)
    {
        var plan = Of(tenants.Max());
        var healed = plan
            .Waves.SelectMany(wave => wave.Tenants)
            .Where(tenant => tenants.Any(number => tenant.Target.Tenant.Value == $"t{number}"))
            .Select(tenant =>
                tenant with
                {
                    Target = tenant.Target with { To = Old },
                    Steps = [new RestoreRights()],
                    Back = [],
                }
            );
        return Rollout(plan with { Release = Old, Waves = [new Wave(1, [.. healed])] }, id) with
        {
            Kind = RolloutKind.Healing,
        };
    }

    public static NewRollout Rollout(RolloutPlan plan, string id = "r-1", bool supersede = false) =>
        new(
            new RolloutId(id),
            plan,
            ImmutableDictionary<PoolName, SiteName>.Empty.Add(new PoolName("shared"), new SiteName("local")),
            "os/0",
            "test",
            supersede,
            Start
        );
}
