using System.Collections.Immutable;
using System.Numerics;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>What a plan is made of beside the tenants.</summary>
/// <param name="DeclaredPriceChanges">From the release's notes.</param>
public sealed record PlanRequest(
    EnvironmentName Environment,
    ReleaseRef Release,
    RolloutPolicy Policy,
    ImmutableArray<string> DeclaredPriceChanges
)
{
    /// <summary>Tables and columns that the release's notes say will go.</summary>
    public ImmutableArray<string> DeclaredDrops { get; init; } = [];

    /// <summary>What git says of the environment; null where it says nothing.</summary>
    public EnvironmentTerms? Terms { get; init; }

    /// <summary>The calendars in force.</summary>
    public CalendarSet Calendars { get; init; } = CalendarSet.None;

    public StartKind StartKind { get; init; } = StartKind.Manual;

    /// <summary>Rules of calendars that it would go past as an emergency, by name: the timetable leaves them out.</summary>
    public ImmutableHashSet<string> Overridden { get; init; } = [];

    /// <summary>The release's class, or null where nobody knows it.</summary>
    public string? Class { get; init; }

    /// <summary>The release's risk, or null where nobody named it.</summary>
    public string? Risk { get; init; }

    /// <summary>From when on the timetable is made.</summary>
    public DateTimeOffset Now { get; init; }
}

/// <summary>Turns a release and a fleet, read once as values, into a plan. Pure: the same input gives the same plan and hash.</summary>
public static class RolloutPlanner
{
    public static RolloutPlan Plan(PlanRequest request, IReadOnlyCollection<TenantCandidate> candidates)
    {
        var excluded = ImmutableArray.CreateBuilder<Exclusion>();
        var eligible = new List<TenantPlan>(candidates.Count);
        var back = BackSteps();
        var risk = PlanRisk.Of(request.Terms, candidates);
        foreach (var candidate in candidates.OrderBy(candidate => candidate.Tenant.Name.Value, StringComparer.Ordinal))
        {
            if ((Refusal(request, candidate) ?? risk.Refusal(candidate.Tenant)) is { } reason)
            {
                excluded.Add(new Exclusion(candidate.Tenant.Name, reason, candidate.BusyWith is not null));
            }
            else
            {
                eligible.Add(PlanTenant(request, candidate, back));
            }
        }

        var waves = Waves(request.Policy, eligible, risk);
        var plan = new RolloutPlan(
            request.Environment,
            request.Release,
            request.Policy,
            waves,
            excluded.ToImmutable(),
            Hash: ""
        );
        plan = WithCalendar(plan, request, candidates);
        return plan with { Hash = PlanHash.Of(plan) };
    }

    private static RolloutPlan WithCalendar(
        RolloutPlan plan,
        PlanRequest request,
        IEnumerable<TenantCandidate> candidates
    )
    {
        // Rules may come while it runs: they have to find its class and risk.
        plan = plan with
        {
            Calendar = new(request.Class, request.Risk, []),
        };
        if (request.Calendars.IsEmpty)
        {
            return plan;
        }

        var planned = plan.Waves.SelectMany(wave => wave.Tenants).Select(tenant => tenant.Target.Tenant).ToHashSet();
        var targets = candidates
            .Where(candidate => planned.Contains(candidate.Tenant.Name))
            .ToDictionary(candidate => candidate.Tenant.Name, candidate => CalendarTargetOf(request, candidate));
        var groups = new CalendarGroups(request.Calendars.Rules);
        var asked = targets.Values.Select(groups.Of).Distinct().SelectMany(group => group.Rules).ToHashSet();
        return asked.Count == 0
            ? plan
            : plan with
            {
                Calendar = plan.Calendar with
                {
                    Rules = [.. request.Calendars.Rules.Where(asked.Contains).Select(CalendarWords.Whole)],
                },
                Timetable = TimetablePlanner.Plan(request, plan.Waves, targets),
            };
    }

    private static CalendarTarget CalendarTargetOf(PlanRequest request, TenantCandidate candidate) =>
        new(
            candidate.Tenant.Name,
            request.Environment,
            candidate.Pool.Site,
            candidate.Pool.Name,
            candidate.Tenant.Tags.ToImmutableHashSet(StringComparer.Ordinal),
            CalendarText.Zone(candidate.Tenant.TimeZone),
            request.Class,
            request.Risk
        );

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

        return Checkpoint(request, candidate, facts) is StrategyChoice.Refused refused
            ? $"database {tenant.Database} {refused.Reason}"
            : null;
    }

    private static StrategyChoice Checkpoint(PlanRequest request, TenantCandidate candidate, TenantFacts facts) =>
        CheckpointStrategyPlanner.Choose(
            new(facts.DatabaseBytes, request.Policy.HoldBound, request.Policy.MaxDatabaseBytes, candidate.Site)
        );

    private static TenantPlan PlanTenant(PlanRequest request, TenantCandidate candidate, ImmutableArray<Step> back)
    {
        var policy = request.Policy;
        var tenant = candidate.Tenant;
        var bytes = candidate.Facts!.DatabaseBytes;
        var checkpoint = (StrategyChoice.Chosen)Checkpoint(request, candidate, candidate.Facts); // not refused: it was asked
        var hold = candidate.Forecast?.Hold ?? checkpoint.Hold;
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
            DeclaredDrops = request.DeclaredDrops.IsEmpty ? null : request.DeclaredDrops,
        };
        return new TenantPlan(
            target,
            ForwardSteps(policy, candidate.Modules, checkpoint),
            back,
            (candidate.Forecast?.High ?? hold) <= policy.HoldBound ? CutoverMode.Held : CutoverMode.Maintenance,
            hold,
            bytes
        )
        {
            Forecast = candidate.Forecast,
            Checkpoint = checkpoint,
        };
    }

    /// <summary>Sizes from the policy, cut where a wave's checkpoints would not fit the disk budget, or more of the environment would be at risk than may be.</summary>
    private static ImmutableArray<Wave> Waves(RolloutPolicy policy, List<TenantPlan> eligible, PlanRisk risk)
    {
        var waves = ImmutableArray.CreateBuilder<Wave>();
        var left = new Queue<TenantPlan>(
            eligible
                .OrderBy(plan => policy.Canaries.Contains(plan.Target.Tenant) ? 0 : 1)
                .ThenBy(plan => SizeClass(plan.CheckpointBytes))
                .ThenBy(plan => plan.Target.Tenant.Value, StringComparer.Ordinal)
        );
        while (left.Count > 0)
        {
            var size = policy.WaveSizes.IsEmpty
                ? 0
                : policy.WaveSizes[Math.Min(waves.Count, policy.WaveSizes.Length - 1)];
            var wave = ImmutableArray.CreateBuilder<TenantPlan>();
            var bytes = 0L;
            var atRisk = default(RiskWeights);
            while (
                left.TryPeek(out var next)
                && (size == 0 || wave.Count < size)
                && (wave.Count == 0 || bytes + next.CheckpointBytes <= policy.CheckpointBudgetBytes)
                && risk.Allows(atRisk + risk.Of(next))
            )
            {
                bytes += next.CheckpointBytes;
                atRisk += risk.Of(next);
                wave.Add(left.Dequeue());
            }

            waves.Add(new Wave(waves.Count + 1, wave.ToImmutable()));
        }

        return waves.ToImmutable();
    }

    /// <summary>
    /// Sizes within a factor of two are one: a shop that sells grows all the time, and what was agreed of a plan is void
    /// when its order changes.
    /// </summary>
    private static int SizeClass(long bytes) => BitOperations.Log2((ulong)Math.Max(bytes, 0));

    /// <summary>The cutover, design.md section 3.</summary>
    private static ImmutableArray<Step> ForwardSteps(
        RolloutPolicy policy,
        ImmutableArray<string> modules,
        StrategyChoice.Chosen checkpoint
    ) =>
        [
            // A clone takes the same seconds whatever the size.
            new Preflight(checkpoint.Strategy is CheckpointStrategy.Clone ? long.MaxValue : policy.MaxDatabaseBytes),
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
}
