using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Yaml;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>What tenants may not share: host names, databases of a site, dedicated pools.</summary>
internal static class TenantChecks
{
    public static void Check(FleetObjects fleet, FirstProblems problems)
    {
        var hosts = new Dictionary<string, (DesiredDocument Document, int Item)>(StringComparer.Ordinal);
        var databases = new Dictionary<(SiteName, string), DesiredDocument>();
        var alone = new Dictionary<PoolName, DesiredDocument>();
        foreach (var (document, tenant) in fleet.Read<DesiredTenant>(Folders.Tenants))
        {
            for (var item = 0; item < tenant.Hosts.Length; item++)
            {
                if (!hosts.TryAdd(tenant.Hosts[item], (document, item)))
                {
                    var (first, place) = hosts[tenant.Hosts[item]];
                    Shared(
                        document,
                        document.PlaceOf("hosts", item),
                        $"the host name {tenant.Hosts[item]}",
                        first,
                        first.PlaceOf("hosts", place)
                    );
                }
            }

            if (fleet.Find<DesiredPool>(Folders.Pools, tenant.Pool.Value) is not { } pool)
            {
                continue;
            }

            if (!databases.TryAdd((pool.Site, tenant.Database), document))
            {
                var first = databases[(pool.Site, tenant.Database)];
                Shared(
                    document,
                    document.PlaceOf("database"),
                    $"the database {tenant.Database} on {pool.Site}",
                    first,
                    first.PlaceOf("database")
                );
            }

            if (pool.Hosting is HostingModel.Dedicated && !alone.TryAdd(pool.Name, document))
            {
                var first = alone[pool.Name];
                Shared(
                    document,
                    document.PlaceOf("pool"),
                    $"the dedicated pool {pool.Name}",
                    first,
                    first.PlaceOf("pool")
                );
            }
        }

        void Shared(DesiredDocument document, Place at, string what, DesiredDocument first, Place there) =>
            problems.Add(
                document,
                at,
                $"{what} belongs to {first.Name} already, in {FleetChecks.Where(first, there)}.",
                "Give it to one of them."
            );
    }
}
