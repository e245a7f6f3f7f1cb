using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>What a plan is made of beside the tenants.</summary>
/// <param name="DeclaredPriceChanges">From the release's notes.</param>
public sealed record PlanRequest(
    EnvironmentName Environment,
    ReleaseRef Release,
    RolloutPolicy Policy,
    ImmutableArray<string> DeclaredPriceChanges
);

/// <summary>Turns a release and a fleet, read once as values, into a plan. Pure: the same input gives the same plan and hash.</summary>
public static class RolloutPlanner
{
    /// <summary>Until a site has measured its own: what a cutover takes beside the copy, and how fast a copy runs (cutover-proof: 0.75-1.1 s for 52 MB).</summary>
    private static readonly TimeSpan FixedHold = TimeSpan.FromSeconds(6);

    private const double CopyBytesPerSecond = 50e6;

    public static RolloutPlan Plan(PlanRequest request, IReadOnlyCollection<TenantCandidate> candidates)
    {
        var excluded = ImmutableArray.CreateBuilder<Exclusion>();
        var eligible = new List<TenantPlan>(candidates.Count);
        var back = BackSteps();
        foreach (var candidate in candidates.OrderBy(candidate => candidate.Tenant.Name.Value, StringComparer.Ordinal))
        {
            if (Refusal(request, candidate) is { } reason)
            {
                excluded.Add(new Exclusion(candidate.Tenant.Name, reason, candidate.BusyWith is not null));
            }
            else
            {
                eligible.Add(PlanTenant(request, candidate, back));
            }
        }

        var waves = Waves(request.Policy, eligible);
        var plan = new RolloutPlan(
            request.Environment,
            request.Release,
            request.Policy,
            waves,
            excluded.ToImmutable(),
            Hash: ""
        );
        return plan with { Hash = PlanHash.Of(plan) };
    }

    private static string? Refusal(PlanRequest request, TenantCandidate candidate)
    {
        var tenant = candidate.Tenant;
        if (candidate.Problem is { } problem)
        {
            return problem;
        }

        if (candidate.BusyWith is { } rollout)
        {
            return $"{tenant.Name} is being worked on by rollout {rollout}; wait for it to end or abort it.";
        }

        if (NameRules.DatabaseRefusal(tenant.Database) is { } name)
        {
            return name;
        }

        if (candidate.From.Digest == request.Release.Digest)
        {
            return $"{tenant.Name} runs {request.Release.Name} already.";
        }

        if (candidate.Facts is not { } facts)
        {
            return $"database {tenant.Database} of {tenant.Name} could not be read.";
        }

        return facts.DatabaseBytes > request.Policy.MaxDatabaseBytes
            ? $"database {tenant.Database} is {Megabytes(facts.DatabaseBytes)} MB, and the policy copies at most {Megabytes(request.Policy.MaxDatabaseBytes)} MB inside a hold; raise that (--max-database-mb) or wait for the strategy \"in-place with restore point\"."
            : null;
    }

    private static TenantPlan PlanTenant(PlanRequest request, TenantCandidate candidate, ImmutableArray<Step> back)
    {
        var policy = request.Policy;
        var tenant = candidate.Tenant;
        var bytes = candidate.Facts!.DatabaseBytes;
        var hold = FixedHold + TimeSpan.FromSeconds(bytes / CopyBytesPerSecond);
        var target = new UpgradeTarget(
            tenant.Name,
            tenant.Pool,
            candidate.Pool.Workers,
            tenant.Database,
            tenant.Hosts,
            tenant.Profile,
            candidate.From,
            request.Release,
            candidate.Modules,
            request.DeclaredPriceChanges
        )
        {
            Options = candidate.Pool.Options,
        };
        return new TenantPlan(
            target,
            ForwardSteps(policy, candidate.Modules),
            back,
            hold <= policy.HoldBound ? CutoverMode.Held : CutoverMode.Maintenance,
            hold,
            bytes
        );
    }

    /// <summary>Sizes from the policy, cut where a wave's checkpoints would not fit the disk budget.</summary>
    private static ImmutableArray<Wave> Waves(RolloutPolicy policy, List<TenantPlan> eligible)
    {
        var waves = ImmutableArray.CreateBuilder<Wave>();
        var left = new Queue<TenantPlan>(
            eligible
                .OrderBy(plan => policy.Canaries.Contains(plan.Target.Tenant) ? 0 : 1)
                .ThenBy(plan => plan.CheckpointBytes)
                .ThenBy(plan => plan.Target.Tenant.Value, StringComparer.Ordinal)
        );
        while (left.Count > 0)
        {
            var size = policy.WaveSizes.IsEmpty
                ? 0
                : policy.WaveSizes[Math.Min(waves.Count, policy.WaveSizes.Length - 1)];
            var wave = ImmutableArray.CreateBuilder<TenantPlan>();
            var bytes = 0L;
            while (
                left.TryPeek(out var next)
                && (size == 0 || wave.Count < size)
                && (wave.Count == 0 || bytes + next.CheckpointBytes <= policy.CheckpointBudgetBytes)
            )
            {
                bytes += next.CheckpointBytes;
                wave.Add(left.Dequeue());
            }

            waves.Add(new Wave(waves.Count + 1, wave.ToImmutable()));
        }

        return waves.ToImmutable();
    }

    /// <summary>The cutover, design.md section 3.</summary>
    private static ImmutableArray<Step> ForwardSteps(RolloutPolicy policy, ImmutableArray<string> modules) =>
        [
            new Preflight(policy.MaxDatabaseBytes),
            new StartGeneration(),
            new Baseline(),
            new LinkFilestore(),
            new Quiesce(policy.QuiesceBound),
            new Hold(policy.DrainBound, policy.HoldBound),
            new Fence(),
            new Copy(),
            new Migrate(modules, policy.MigrateBound),
            new Judge(),
            new Swap(),
            new Warm(),
            new Verify(),
            new Open(),
            new Bake(policy.Bake, policy.MaxErrorShare),
            new Retire(),
        ];

    private static ImmutableArray<Step> BackSteps() =>
        [new SwapBack(), new DropCopy(), new Unfence(), new Reopen(), new CleanUp()];

    private static long Megabytes(long bytes) => bytes >> 20;
}
