using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>How much of an environment is at risk now, and how much may be.</summary>
/// <param name="Limits">As git says them now, not when the rollout was planned.</param>
/// <param name="Places">Where in git they stand, by key.</param>
/// <param name="Whole">All tenants of the environment.</param>
/// <param name="AtRisk">Those that have begun, in whatever rollout, and not ended.</param>
/// <param name="Busy">How many of these are on each site.</param>
public sealed record EnvironmentRisk(
    EnvironmentName Environment,
    LimitPolicy Limits,
    ImmutableSortedDictionary<string, string> Places,
    RiskWeights Whole,
    RiskWeights AtRisk,
    ImmutableDictionary<SiteName, int> Busy
)
{
    /// <summary>The commit that made the limits what they are, with its author; null where that is not known.</summary>
    public string? Origin { get; init; }
}

/// <summary>A tenant that would begin, with what it weighs.</summary>
public sealed record RiskCandidate(UpgradeId Id, TenantName Tenant, SiteName Site, RiskWeights Weight);

/// <summary>Who knows what is at risk.</summary>
public interface IStartRisk
{
    /// <summary>Null where no limit holds: git says none, or what goes on is no rollout of a release.</summary>
    Task<EnvironmentRisk?> RiskAsync(ClaimedRollout rollout, CancellationToken cancellationToken);

    /// <summary>Those that would begin: who was chosen, else whoever has not begun of the wave, in the plan's order.</summary>
    Task<IReadOnlyList<RiskCandidate>> WeighAsync(
        ClaimedRollout rollout,
        RolloutDecision.Start wanted,
        CancellationToken cancellationToken
    );
}
