using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>How an environment wants its rollouts: sizes, bounds and budgets. Part of the plan's hash.</summary>
public sealed record RolloutPolicy
{
    /// <summary>Names this set of rules in plans and in the ledger.</summary>
    public string Version { get; init; } = "default/1";

    /// <summary>Tenants that go first, by name; empty lets the planner take one of the smallest databases.</summary>
    public ImmutableArray<TenantName> Canaries { get; init; } = [];

    /// <summary>Tenants per wave; the last number repeats, 0 stands for all that are left.</summary>
    public ImmutableArray<int> WaveSizes { get; init; } = [1, 0];

    /// <summary>How many tenants may have gone back before no further one is started.</summary>
    public int FailureBudget { get; init; }

    /// <summary>How many tenants of a rollout are worked on at once, on each site.</summary>
    public int Concurrency { get; init; } = 2;

    /// <summary>Bytes that the checkpoints of one wave may take on a site.</summary>
    public long CheckpointBudgetBytes { get; init; } = 200L << 30;

    /// <summary>The largest database that is copied inside a hold; larger ones need another strategy and are left out with a reason.</summary>
    public long MaxDatabaseBytes { get; init; } = 20L << 30;

    public TimeSpan QuiesceBound { get; init; } = TimeSpan.FromMinutes(2);

    public TimeSpan DrainBound { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan HoldBound { get; init; } = TimeSpan.FromMinutes(2);

    public TimeSpan MigrateBound { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a tenant is watched after opening; zero does not watch.</summary>
    public TimeSpan Bake { get; init; } = TimeSpan.Zero;

    /// <summary>Share of a watched tenant's requests, 0 to 1, that may fail by the server's fault.</summary>
    public double MaxErrorShare { get; init; } = 0.02;
}
