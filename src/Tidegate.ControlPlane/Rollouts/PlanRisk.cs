using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>How much of an environment a plan's wave may put at risk.</summary>
internal sealed class PlanRisk
{
    private readonly EnvironmentTerms? _terms;
    private readonly Dictionary<TenantName, RiskWeights> _weights;
    private readonly RiskWeights _whole;

    private PlanRisk(EnvironmentTerms? terms, Dictionary<TenantName, RiskWeights> weights)
    {
        _terms = terms;
        _weights = weights;
        _whole = RiskWeights.Sum(weights.Values);
    }

    /// <param name="candidates">Every tenant of the environment, also those that the release does not reach.</param>
    public static PlanRisk Of(EnvironmentTerms? terms, IEnumerable<TenantCandidate> candidates) =>
        new(terms, candidates.ToDictionary(candidate => candidate.Tenant.Name, candidate => Of(candidate.Tenant)));

    public RiskWeights Of(TenantPlan plan) => _weights[plan.Target.Tenant];

    public bool Allows(RiskWeights atRisk) => Exceeded(atRisk) is null;

    /// <summary>Why a tenant can never begin, or null.</summary>
    public string? Refusal(Tenant tenant) =>
        Exceeded(Of(tenant)) is { } measure
            ? FormattableString.Invariant(
                $"{tenant.Name} alone is {RiskWords.Of(measure, Of(tenant), _whole)} in {_terms!.Environment}, and at most {_terms.Policy.Limits.AtRisk.Of(measure)} % may be at risk at once ({_terms.Places.GetValueOrDefault(RiskWords.Key(measure)) ?? RiskWords.Key(measure)})."
            )
            : null;

    private RiskMeasure? Exceeded(RiskWeights atRisk) => _terms?.Policy.Limits.AtRisk.ExceededBy(atRisk, _whole);

    private static RiskWeights Of(Tenant tenant) => new(1, tenant.Stores, tenant.Revenue);
}
