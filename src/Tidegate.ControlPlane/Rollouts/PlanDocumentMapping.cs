using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Between plans and the documents that the API speaks in.</summary>
internal static class PlanDocumentMapping
{
    /// <summary>The defaults, changed by the rules that were given; or one sentence that says what is wrong with them.</summary>
    public static RolloutPolicy? Policy(RolloutRules? rules, out string? problem)
    {
        problem = rules is null ? null : Problem(rules);
        var defaults = new RolloutPolicy();
        return problem is not null ? null
            : rules is null ? defaults
            : defaults with
            {
                Version = "request/1",
                Canaries = rules.Canaries is { } canaries
                    ? [.. canaries.Select(name => new TenantName(name))]
                    : defaults.Canaries,
                WaveSizes = rules.WaveSizes is { } sizes ? [.. sizes] : defaults.WaveSizes,
                FailureBudget = rules.FailureBudget ?? defaults.FailureBudget,
                Concurrency = rules.Concurrency ?? defaults.Concurrency,
                CheckpointBudgetBytes = rules.CheckpointBudgetBytes ?? defaults.CheckpointBudgetBytes,
                MaxDatabaseBytes = rules.MaxDatabaseBytes ?? defaults.MaxDatabaseBytes,
                QuiesceBound = Seconds(rules.QuiesceBoundSeconds) ?? defaults.QuiesceBound,
                DrainBound = Seconds(rules.DrainBoundSeconds) ?? defaults.DrainBound,
                HoldBound = Seconds(rules.HoldBoundSeconds) ?? defaults.HoldBound,
                MigrateBound = Seconds(rules.MigrateBoundSeconds) ?? defaults.MigrateBound,
                Bake = Seconds(rules.BakeSeconds) ?? defaults.Bake,
                MaxErrorShare = rules.MaxErrorShare ?? defaults.MaxErrorShare,
            };
    }

    public static PlanView View(RolloutPlan plan) =>
        new(
            plan.Hash,
            plan.Release.Name,
            plan.Release.Digest.Value,
            plan.Environment.Value,
            plan.Policy.Version,
            [.. plan.Waves.Select(wave => new PlannedWave(wave.Number, [.. wave.Tenants.Select(View)]))],
            Excluded(plan),
            Timetable: plan.Timetable?.View()
        );

    public static IReadOnlyList<PlannedExclusion> Excluded(RolloutPlan plan) =>
        [.. plan.Excluded.Select(exclusion => new PlannedExclusion(exclusion.Tenant.Value, exclusion.Reason))];

    private static PlannedTenant View(TenantPlan tenant) =>
        new(
            tenant.Target.Tenant.Value,
            tenant.Target.Pool.Value,
            tenant.Target.From.Name,
            tenant.Mode is CutoverMode.Held ? "held" : "maintenance",
            tenant.PredictedHold.TotalSeconds,
            tenant.CheckpointBytes,
            tenant.Target.Modules,
            [.. tenant.Steps.Select(step => step.Kind)],
            [.. tenant.Back.Select(step => step.Kind)],
            tenant.Forecast is { } forecast
                ? new(forecast.Low.TotalSeconds, forecast.High.TotalSeconds, forecast.Basis)
                : null,
            tenant.Checkpoint.Strategy.Name(),
            tenant.Checkpoint.Reason,
            [.. tenant.Checkpoint.Others.Select(other => new PlannedAlternative(other.Strategy.Name(), other.Reason))]
        );

    private static TimeSpan? Seconds(double? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;

    private static string? Problem(RolloutRules rules) =>
        rules.WaveSizes is { } sizes && (sizes.Count == 0 || sizes.Any(size => size < 0))
            ? "waveSizes needs numbers of 0 or more."
        : rules.FailureBudget is < 0 ? "failureBudget is 0 or more."
        : rules.Concurrency is < 1 or > 64 ? "concurrency is 1 to 64."
        : rules.CheckpointBudgetBytes is < 0 || rules.MaxDatabaseBytes is < 0 ? "byte budgets are 0 or more."
        : rules.MaxErrorShare is < 0 or > 1 or double.NaN ? "maxErrorShare is 0 to 1."
        : Bounds(rules).Any(bound => bound is < 0 or > 86_400 or double.NaN) ? "bounds are 0 to 86400 seconds."
        : null;

    private static double?[] Bounds(RolloutRules rules) =>
        [
            rules.QuiesceBoundSeconds,
            rules.DrainBoundSeconds,
            rules.HoldBoundSeconds,
            rules.MigrateBoundSeconds,
            rules.BakeSeconds,
        ];
}
