using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.Stores;

public sealed partial class InMemoryRolloutStore : IStartRisk
{
    /// <summary>Of every environment; none at first.</summary>
    public LimitPolicy Limits { get; set; } = new();

    /// <summary>What tenants weigh; one of everything for one that is not here.</summary>
    public Dictionary<TenantName, RiskWeights> Weights { get; } = [];

    /// <summary>What has begun and not ended, of an environment.</summary>
    public RiskWeights AtRisk(EnvironmentName environment)
    {
        lock (gate)
        {
            return RiskWeights.Sum(Begun(environment).Select(stored => WeightOf(stored.Upgrade.Target.Tenant)));
        }
    }

    public Task<EnvironmentRisk?> RiskAsync(ClaimedRollout rollout, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var stored = rollouts[rollout.Summary.Id];
            if (Limits.AsksNothing || stored.Kind is not RolloutKind.Release)
            {
                return Task.FromResult<EnvironmentRisk?>(null);
            }

            var environment = stored.Environment;
            return Task.FromResult<EnvironmentRisk?>(
                new(
                    environment,
                    Limits,
                    ImmutableSortedDictionary<string, string>.Empty.Add(
                        "limits.atRisk.tenants",
                        "policies/careful.yaml:3"
                    ),
                    WholeOf(environment),
                    RiskWeights.Sum(Begun(environment).Select(begun => WeightOf(begun.Upgrade.Target.Tenant))),
                    Begun(environment)
                        .GroupBy(begun => begun.Site)
                        .ToImmutableDictionary(site => site.Key, site => site.Count())
                )
            );
        }
    }

    public Task<IReadOnlyList<RiskCandidate>> WeighAsync(
        ClaimedRollout rollout,
        RolloutDecision.Start wanted,
        CancellationToken cancellationToken
    )
    {
        lock (gate)
        {
            var chosen = wanted.Chosen?.Select(each => each.Id).ToHashSet();
            return Task.FromResult<IReadOnlyList<RiskCandidate>>([
                .. rollouts[rollout.Summary.Id]
                    .PendingOf(wanted.Wave)
                    .Where(stored => chosen is null || chosen.Contains(stored.Upgrade.Id))
                    .Select(stored => new RiskCandidate(
                        stored.Upgrade.Id,
                        stored.Upgrade.Target.Tenant,
                        stored.Site,
                        WeightOf(stored.Upgrade.Target.Tenant)
                    )),
            ]);
        }
    }

    /// <summary>All tenants that any rollout of an environment ever had.</summary>
    public RiskWeights WholeOf(EnvironmentName environment) =>
        RiskWeights.Sum(Of(environment).Select(stored => stored.Upgrade.Target.Tenant).Distinct().Select(WeightOf));

    private IEnumerable<StoredUpgrade> Begun(EnvironmentName environment) =>
        Of(environment)
            .Where(stored => stored.Upgrade.State is UpgradeState.Forward or UpgradeState.Back or UpgradeState.Asking);

    private IEnumerable<StoredUpgrade> Of(EnvironmentName environment) =>
        upgrades.Values.Where(stored => rollouts[stored.Upgrade.Rollout].Environment == environment);

    private RiskWeights WeightOf(TenantName tenant) => Weights.GetValueOrDefault(tenant, new(1, 1, 1));
}
