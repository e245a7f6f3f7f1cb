using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Bench.Plan;

/// <summary>A fleet as large managed hosts have: hundreds of shared pools on ten sites, databases of many sizes.</summary>
internal static class BenchFleet
{
    private const int TenantsPerPool = 40;
    private const int PoolsPerSite = 25;

    private static readonly EnvironmentName Production = new("production");
    private static readonly ReleaseRef Old = new("2026.11.1", new($"sha256:{new string('1', 64)}"));
    private static readonly ReleaseRef New = new("2026.11.2", new($"sha256:{new string('2', 64)}"));
    private static readonly ImmutableArray<string> Installed =
    [
        .. Enumerable.Range(1, 60).Select(number => $"module_{number}"),
    ];

    public static PlanRequest Request { get; } =
        new(
            Production,
            New,
            new RolloutPolicy
            {
                WaveSizes = [1, 100, 1000],
                Concurrency = 50,
                CheckpointBudgetBytes = 2L << 40,
            },
            DeclaredPriceChanges: []
        );

    public static ImmutableArray<TenantCandidate> Of(int tenants) =>
        [.. Enumerable.Range(0, tenants).Select(Candidate)];

    public static NewRollout Rollout(RolloutPlan plan, string id = "r-bench") =>
        new(
            new(id),
            plan,
            plan.Waves.SelectMany(wave => wave.Tenants)
                .Select(tenant => tenant.Target.Pool)
                .Distinct()
                .ToDictionary(pool => pool, Site),
            "bench",
            Reason: null,
            Supersede: false,
            new DateTimeOffset(2026, 11, 23, 6, 0, 0, TimeSpan.Zero)
        );

    private static TenantCandidate Candidate(int number)
    {
        var pool = new PoolName($"pool-{number / TenantsPerPool}");
        return new(
            new(
                new($"shop-{number}"),
                pool,
                $"shop_{number}",
                [$"shop-{number}.example", $"www.shop-{number}.example"],
                "Europe/Oslo",
                new("journey", $"shop-{number}", []),
                Old.Digest
            ),
            new(pool, Site(pool), Production, HostingModel.Shared, Workers: 2),
            Old,
            new((20L + (number % 500)) << 20, Installed),
            ["module_7", "module_8"],
            BusyWith: null,
            Problem: null
        );
    }

    private static SiteName Site(PoolName pool) =>
        new($"site-{int.Parse(pool.Value.AsSpan("pool-".Length), provider: null) / PoolsPerSite}");
}
