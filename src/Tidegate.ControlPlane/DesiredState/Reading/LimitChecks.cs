using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Yaml;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>What is not known of a tenant cannot be limited.</summary>
internal static class LimitChecks
{
    public static void Check(FleetObjects fleet, FirstProblems problems)
    {
        var limited = fleet
            .Read<DesiredEnvironment>(Folders.Environments)
            .Select(read => read.Object)
            .Where(environment =>
                environment.Policy is { } policy
                && fleet.Find<EnvironmentPolicy>(Folders.Policies, policy.Value) is { Limits.AtRisk.Revenue: not null }
            )
            .ToDictionary(environment => environment.Name, environment => environment.Policy!.Value);
        if (limited.Count == 0)
        {
            return;
        }

        foreach (var (document, tenant) in fleet.Read<DesiredTenant>(Folders.Tenants))
        {
            if (
                tenant.Revenue is null
                && fleet.Find<DesiredPool>(Folders.Pools, tenant.Pool.Value) is { } pool
                && limited.TryGetValue(pool.Environment, out var policy)
            )
            {
                problems.Add(
                    document,
                    Place.Start,
                    $"it does not say its revenue, and the policy {policy} of {pool.Environment} limits how much revenue may be at risk.",
                    "Add revenue: what it sells, in the unit of the other tenants."
                );
            }
        }
    }
}
