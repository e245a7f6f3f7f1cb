using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>What an environment's limits make of the rules that somebody wants for a rollout.</summary>
internal static class RolloutLimits
{
    /// <summary>Null unless a rule is said that goes beyond.</summary>
    public static PlanResult.Blocked? Refusal(RolloutRules? rules, EnvironmentTerms terms)
    {
        var limits = terms.Policy.Limits;
        return Over("concurrency", rules?.Concurrency, limits.Concurrency, terms)
            ?? Over("failureBudget", rules?.FailureBudget, limits.FailureBudget, terms);
    }

    /// <summary>What nobody said stays within.</summary>
    public static RolloutPolicy Within(RolloutPolicy policy, LimitPolicy limits) =>
        policy with
        {
            Concurrency = Math.Min(policy.Concurrency, limits.Concurrency ?? int.MaxValue),
            FailureBudget = Math.Min(policy.FailureBudget, limits.FailureBudget ?? int.MaxValue),
        };

    private static PlanResult.Blocked? Over(string key, int? rule, int? limit, EnvironmentTerms terms) =>
        rule > limit
            ? new(
                FormattableString.Invariant(
                    $"a {key} of {rule} is more than {terms.Environment} allows: {limit} ({terms.Places.GetValueOrDefault($"limits.{key}") ?? $"limits.{key}"})."
                ),
                "ask for less, or raise the limit in git."
            )
            : null;
}
