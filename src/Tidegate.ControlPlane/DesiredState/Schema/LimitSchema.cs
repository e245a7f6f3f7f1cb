using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What a policy says of limits.</summary>
internal static class LimitSchema
{
    private static readonly NumberKind Percent = new(1, 100);

    private static readonly Keys<RiskLimits> RiskKeys = new(new());

    private static readonly ObjectSchema AtRisk = new(
        "map of what may be at risk",
        "How much of the environment may be at risk at once, in percent. At risk is a tenant from its start until its bake has ended, or it is back. What is not said is not limited.",
        [
            RiskKeys.Optional("tenants", Percent, limits => limits.Tenants, "Of its tenants."),
            RiskKeys.Optional("stores", Percent, limits => limits.Stores, "Of the stores of its tenants."),
            RiskKeys.Optional(
                "revenue",
                Percent,
                limits => limits.Revenue,
                "Of the revenue of its tenants; each of them then has to say its own."
            ),
        ],
        values => new RiskLimits
        {
            Tenants = values.Said<int>("tenants"),
            Stores = values.Said<int>("stores"),
            Revenue = values.Said<int>("revenue"),
        }
    );

    private static readonly Keys<LimitPolicy> Keys = new(new());

    public static readonly ObjectSchema Schema = new(
        "map of limits",
        "What no rollout of the environment goes beyond, whoever starts it. What is not said is not limited.",
        [
            Keys.Optional(
                "concurrency",
                new NumberKind(1, 64),
                limits => limits.Concurrency,
                "Tenants worked on at once on each site."
            ),
            Keys.Optional(
                "failureBudget",
                new NumberKind(0, 100_000),
                limits => limits.FailureBudget,
                "Tenants that may go back before no further one is started."
            ),
            Keys.Optional("atRisk", new MapKind(AtRisk), limits => limits.AtRisk, AtRisk.Description),
        ],
        values => new LimitPolicy
        {
            Concurrency = values.Said<int>("concurrency"),
            FailureBudget = values.Said<int>("failureBudget"),
            AtRisk = values.Of<RiskLimits>("atRisk"),
        }
    );

    /// <summary>Rules of rollouts that the limits of the same policy do not allow.</summary>
    public static KeyProblem? Check(Values policy)
    {
        var (rules, limits) = (policy.Of<Contracts.Rollouts.RolloutRules>("rollout"), policy.Of<LimitPolicy>("limits"));
        return Over("concurrency", rules.Concurrency, limits.Concurrency)
            ?? Over("failureBudget", rules.FailureBudget, limits.FailureBudget);
    }

    private static KeyProblem? Over(string key, int? rule, int? limit) =>
        rule > limit
            ? new(
                "rollout",
                FormattableString.Invariant($"{key} is {rule}, and the limits of this policy allow {limit}."),
                FormattableString.Invariant($"Write {key}: {limit}, or raise limits.{key}.")
            )
            : null;
}
