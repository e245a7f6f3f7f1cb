using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState;

/// <summary>What should run where, as one commit of the fleet repository says it. Every reference in it leads somewhere.</summary>
public sealed record DesiredFleet(
    Organisation Organisation,
    NamedObjects<SiteName, DesiredSite> Sites,
    NamedObjects<EnvironmentName, DesiredEnvironment> Environments,
    NamedObjects<PoolName, DesiredPool> Pools,
    NamedObjects<TenantName, DesiredTenant> Tenants,
    NamedObjects<ReleaseName, DesiredRelease> Releases,
    NamedObjects<PolicyName, EnvironmentPolicy> Policies,
    NamedObjects<ObjectiveName, RecoveryObjective> Objectives,
    NamedObjects<CalendarName, TradingCalendar> Calendars
)
{
    /// <summary>The policy that an environment names, or the default one.</summary>
    public EnvironmentPolicy PolicyOf(DesiredEnvironment environment) =>
        environment.Policy is { } name ? Policies[name] : EnvironmentPolicy.Default;

    /// <summary>The environment that a tenant's pool belongs to.</summary>
    public DesiredEnvironment EnvironmentOf(DesiredTenant tenant) => Environments[Pools[tenant.Pool].Environment];
}

/// <summary>The root of a fleet, <c>tidegate.yaml</c>: whose fleet it is.</summary>
public sealed record Organisation(string Name);
