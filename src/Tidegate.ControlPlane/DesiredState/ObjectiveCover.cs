using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;

namespace Tidegate.ControlPlane.DesiredState;

/// <summary>Whose objective an objective is.</summary>
internal static class ObjectiveCover
{
    /// <summary>Every objective of a fleet with the tenants that it covers.</summary>
    public static ImmutableArray<ObjectiveTerms> Terms(DesiredFleet fleet) =>
        [
            .. fleet.Objectives.Select(objective => new ObjectiveTerms(
                objective,
                [
                    .. fleet
                        .Tenants.Where(tenant => Has(objective, tenant, fleet.Pools[tenant.Pool].Environment))
                        .Select(tenant => tenant.Name),
                ]
            )),
        ];

    public static bool Has(RecoveryObjective objective, DesiredTenant tenant, EnvironmentName environment) =>
        objective.Environments.Contains(environment)
        || objective.Tenants.Contains(tenant.Name)
        || objective.Tags.Any(tag => tenant.Tags.Contains(tag, StringComparer.Ordinal));
}
