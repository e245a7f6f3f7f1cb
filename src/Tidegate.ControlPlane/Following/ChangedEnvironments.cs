using System.Collections.Immutable;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Views;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Following;

/// <summary>Whose desired state a change changes: an environment's is its own file, its release, its policy, its pools, their tenants and their sites, and what is promised to these.</summary>
public static class ChangedEnvironments
{
    /// <param name="before">Null where it is not known: then every environment changes.</param>
    /// <param name="changes">Between the two; null where <paramref name="before"/> is.</param>
    /// <param name="known">Environments that the last good state has.</param>
    /// <returns>By name.</returns>
    public static IReadOnlyList<EnvironmentName> Of(
        DesiredFleet? before,
        DesiredFleet after,
        ImmutableArray<ObjectChange>? changes,
        IEnumerable<EnvironmentName> known
    )
    {
        var environments =
            before is null || changes is null
                ? known.Concat(after.Environments.Select(environment => environment.Name))
                : changes.Value.SelectMany(change => Of(change, before).Concat(Of(change, after)));
        return [.. environments.Distinct().OrderBy(environment => environment.Value, StringComparer.Ordinal)];
    }

    private static IEnumerable<EnvironmentName> Of(ObjectChange change, DesiredFleet fleet) =>
        change.Noun switch
        {
            FleetNouns.Environment => [new EnvironmentName(change.Name)],
            FleetNouns.Pool => fleet.Pools.Find(new PoolName(change.Name)) is { } pool ? [pool.Environment] : [],
            FleetNouns.Tenant => fleet.Tenants.Find(new TenantName(change.Name)) is { } tenant
                ? [fleet.EnvironmentOf(tenant).Name]
                : [],
            FleetNouns.Release => OfRelease(new ReleaseName(change.Name), fleet),
            FleetNouns.Policy => fleet
                .Environments.Where(environment => environment.Policy == new PolicyName(change.Name))
                .Select(environment => environment.Name),
            FleetNouns.Calendar => CalendarCover.Environments(fleet, new CalendarName(change.Name)),
            FleetNouns.Objective => OfObjective(new ObjectiveName(change.Name), fleet),
            // How a site's data is kept is the concern of all who have some there.
            FleetNouns.Site => fleet
                .Pools.Where(pool => pool.Site == new SiteName(change.Name))
                .Select(pool => pool.Environment),
            // Who its people are decides who agrees to changes of these.
            FleetNouns.Fleet => fleet
                .Environments.Where(environment => !fleet.PolicyOf(environment).Approvals.AsksNothing)
                .Select(environment => environment.Name),
            _ => [],
        };

    private static IEnumerable<EnvironmentName> OfObjective(ObjectiveName name, DesiredFleet fleet) =>
        fleet.Objectives.Find(name) is not { } objective
            ? []
            : objective.Environments.Concat(
                fleet
                    .Tenants.Where(tenant => ObjectiveCover.Has(objective, tenant, fleet.EnvironmentOf(tenant).Name))
                    .Select(tenant => fleet.EnvironmentOf(tenant).Name)
            );

    private static IEnumerable<EnvironmentName> OfRelease(ReleaseName release, DesiredFleet fleet) =>
        fleet
            .Environments.Where(environment => environment.Release == release)
            .Select(environment => environment.Name)
            .Concat(
                fleet
                    .Tenants.Where(tenant => tenant.JoinsOn == release)
                    .Select(tenant => fleet.EnvironmentOf(tenant).Name)
            );
}
