using System.Text.Json.Nodes;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Yaml;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;

namespace Tidegate.ControlPlane.DesiredState.Views;

/// <summary>A fleet with everything resolved: defaults filled in, each environment with its policy and digest, each tenant with what it should run and where.</summary>
public static class FleetRendering
{
    /// <summary>The whole fleet.</summary>
    public static JsonObject Of(DesiredFleet fleet) => Of(fleet, fleet.Tenants, fleet.Pools, fleet.Environments);

    /// <summary>One environment with its pools and tenants.</summary>
    public static JsonObject Of(DesiredFleet fleet, DesiredEnvironment environment) =>
        Of(
            fleet,
            fleet.Tenants.Where(tenant => fleet.EnvironmentOf(tenant).Name == environment.Name),
            [.. fleet.Pools.Where(pool => pool.Environment == environment.Name)],
            [environment]
        );

    /// <summary>One tenant with its pool and environment.</summary>
    public static JsonObject Of(DesiredFleet fleet, DesiredTenant tenant) =>
        Of(fleet, [tenant], [fleet.Pools[tenant.Pool]], [fleet.EnvironmentOf(tenant)]);

    /// <summary>As YAML; the same fleet gives the same text.</summary>
    public static string Yaml(JsonObject rendering) => YamlText.Of(rendering);

    private static JsonObject Of(
        DesiredFleet fleet,
        IEnumerable<DesiredTenant> tenants,
        IReadOnlyCollection<DesiredPool> pools,
        IReadOnlyCollection<DesiredEnvironment> environments
    )
    {
        tenants = tenants.ToList();
        var sites = pools.Select(pool => pool.Site).ToHashSet();
        var releases = environments
            .Select(environment => environment.Release)
            .Concat(tenants.Select(tenant => tenant.JoinsOn))
            .OfType<ReleaseName>()
            .ToHashSet();
        return new JsonObject
        {
            ["organisation"] = fleet.Organisation.Name,
            ["sites"] = Map<SiteName, DesiredSite>(
                fleet.Sites.Where(site => sites.Contains(site.Name)),
                site => ObjectText.Json(SiteSchema.Schema, site)
            ),
            ["environments"] = Map<EnvironmentName, DesiredEnvironment>(environments, each => Environment(fleet, each)),
            ["pools"] = Map<PoolName, DesiredPool>(pools, pool => ObjectText.Json(PoolSchema.Schema, pool)),
            ["tenants"] = Map<TenantName, DesiredTenant>(tenants, tenant => Tenant(fleet, tenant)),
            ["releases"] = Map<ReleaseName, DesiredRelease>(
                fleet.Releases.Where(release => releases.Contains(release.Name)),
                release => ObjectText.Json(ReleaseSchema.Schema, release)
            ),
            ["objectives"] = Map<ObjectiveName, RecoveryObjective>(
                fleet.Objectives.Where(objective =>
                    tenants.Any(tenant => ObjectiveCover.Has(objective, tenant, fleet.EnvironmentOf(tenant).Name))
                ),
                objective => ObjectText.Json(ObjectiveSchema.Schema, objective)
            ),
            ["calendars"] = Map<CalendarName, TradingCalendar>(
                CalendarCover.Of(fleet, tenants),
                calendar => ObjectText.Json(CalendarSchema.Schema, calendar)
            ),
        };
    }

    private static JsonObject Environment(DesiredFleet fleet, DesiredEnvironment environment)
    {
        var json = ObjectText.Json(EnvironmentSchema.Schema, environment);
        if (environment.Release is { } release)
        {
            json["digest"] = fleet.Releases[release].Digest.Value;
        }

        var policy = fleet.PolicyOf(environment);
        var rules = new JsonObject { ["name"] = policy.Name.Value };
        foreach (var (key, value) in ObjectText.Json(PolicySchema.Schema, policy).ToList())
        {
            rules[key] = value?.DeepClone();
        }

        json["policy"] = rules;
        return json;
    }

    private static JsonObject Tenant(DesiredFleet fleet, DesiredTenant tenant)
    {
        var environment = fleet.EnvironmentOf(tenant);
        var json = ObjectText.Json(TenantSchema.Schema, tenant);
        json["site"] = fleet.Pools[tenant.Pool].Site.Value;
        json["environment"] = environment.Name.Value;
        if (environment.Release is { } release)
        {
            json["release"] = release.Value;
            json["digest"] = fleet.Releases[release].Digest.Value;
        }

        return json;
    }

    private static JsonObject Map<TName, TObject>(IEnumerable<TObject> objects, Func<TObject, JsonNode> write)
        where TName : struct, IName<TName>
        where TObject : INamed<TName>
    {
        var json = new JsonObject();
        foreach (var each in objects)
        {
            json[each.Name.Value] = write(each);
        }

        return json;
    }
}
