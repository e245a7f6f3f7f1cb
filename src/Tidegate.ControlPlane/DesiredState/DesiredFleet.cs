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
    /// <summary>What its people expect of policies and calendars.</summary>
    public NamedObjects<PolicyTestName, PolicyTest> PolicyTests { get; init; } = new([]);

    /// <summary>The policy that an environment names, or the default one. One that asks for approvals says whose.</summary>
    public EnvironmentPolicy PolicyOf(DesiredEnvironment environment) =>
        environment.Policy is not { } name ? EnvironmentPolicy.Default
        : Policies[name] is { Approvals.AsksNothing: false } policy
            ? policy with
            {
                Approvals = policy.Approvals with { People = Organisation.People },
            }
        : Policies[name];

    /// <summary>The environment that a tenant's pool belongs to.</summary>
    public DesiredEnvironment EnvironmentOf(DesiredTenant tenant) => Environments[Pools[tenant.Pool].Environment];
}

/// <summary>The root of a fleet, <c>tidegate.yaml</c>: whose fleet it is, and its people.</summary>
public sealed record Organisation(string Name)
{
    /// <summary>Who there is, and in which groups.</summary>
    public People People { get; init; } = People.Nobody;
}
