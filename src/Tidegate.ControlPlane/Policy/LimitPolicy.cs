using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Policy;

/// <summary>What no rollout of an environment goes beyond, whoever starts it. What is not said is not limited.</summary>
public sealed record LimitPolicy
{
    /// <summary>How many tenants may be worked on at once, on each site.</summary>
    public int? Concurrency { get; init; }

    /// <summary>How many tenants may have gone back before no further one is started.</summary>
    public int? FailureBudget { get; init; }

    public RiskLimits AtRisk { get; init; } = new();

    [JsonIgnore]
    public bool AsksNothing => this is { Concurrency: null, FailureBudget: null, AtRisk.AsksNothing: true };
}

/// <summary>
/// How much of an environment may be at risk at once, in whole percent. At risk is a tenant from its start until its bake
/// has ended, or it is back.
/// </summary>
public sealed record RiskLimits
{
    public int? Tenants { get; init; }

    public int? Stores { get; init; }

    public int? Revenue { get; init; }

    [JsonIgnore]
    public bool AsksNothing => this is { Tenants: null, Stores: null, Revenue: null };

    /// <summary>Of which measure more would be at risk than may be; null where it is within all.</summary>
    /// <param name="whole">The whole environment.</param>
    public RiskMeasure? ExceededBy(RiskWeights atRisk, RiskWeights whole)
    {
        foreach (var measure in Enum.GetValues<RiskMeasure>())
        {
            if (Of(measure) is { } percent && atRisk.Of(measure) * 100 > percent * whole.Of(measure))
            {
                return measure;
            }
        }

        return null;
    }

    /// <summary>In percent; null where it is not limited.</summary>
    public int? Of(RiskMeasure measure) =>
        measure switch
        {
            RiskMeasure.Tenants => Tenants,
            RiskMeasure.Stores => Stores,
            RiskMeasure.Revenue => Revenue,
        };
}

/// <summary>By what it is measured how much is at risk.</summary>
public enum RiskMeasure
{
    Tenants,
    Stores,
    Revenue,
}
