using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.World;

/// <summary>What holds of a site at every instant, and what holds of it when nothing is under way. Each sentence is a violation.</summary>
public static class Invariants
{
    /// <summary>Holds between any two effects, whatever was killed.</summary>
    public static IEnumerable<string> Always(SimulatedSite site) => site.Tenants.SelectMany(Always);

    public static IEnumerable<string> Always(SimulatedTenant tenant)
    {
        if (!tenant.Databases.TryGetValue(tenant.Database, out var live))
        {
            yield return $"{tenant.Name} has no database";
            yield break;
        }

        if (live.Owner.Length == 0)
        {
            yield return $"{tenant.Name}'s database has no owner";
        }

        if (live.MigrationBegan && !tenant.Swaps.ContainsValue(live.Oid))
        {
            yield return $"{tenant.Name}'s live database was migrated in place";
        }

        foreach (var (name, database) in tenant.Databases)
        {
            if (database.Writers.Count > 1 || database.Writers.Any(writer => writer != database.Schema))
            {
                yield return $"{name} may be written to by a release that is not its own";
            }
        }

        if (tenant.FailedRequests > 0)
        {
            yield return $"{tenant.FailedRequests} requests to {tenant.Name} failed";
        }

        if (!live.Orders.SequenceEqual(tenant.Acknowledged))
        {
            yield return $"{tenant.Name}'s database has {live.Orders.Count} orders, its users know of {tenant.Acknowledged.Count}";
        }
    }

    /// <summary>Holds when a rollout has ended: everybody is served by one release, and nothing of the work is left.</summary>
    /// <param name="completed">Upgrades after which the tenant runs the new release: their checkpoints stay.</param>
    public static IEnumerable<string> AtRest(SimulatedSite site, IReadOnlySet<UpgradeId> completed)
    {
        var needed = site.Tenants.Select(tenant => (tenant.Pool, tenant.Route)).ToHashSet();
        return Always(site)
            .Concat(site.Tenants.SelectMany(tenant => AtRest(tenant, completed)))
            .Concat(
                site.Generations.Where(generation => !needed.Contains(generation.Key) || generation.Value.Count > 0)
                    .Select(generation => $"a generation of {generation.Key.Release.Short} is left")
            );
    }

    private static IEnumerable<string> AtRest(SimulatedTenant tenant, IReadOnlySet<UpgradeId> completed)
    {
        var live = tenant.Live;
        if (tenant.Hold is not null || tenant.Held.Count > 0)
        {
            yield return $"requests to {tenant.Name} are still held";
        }

        if (live.IsClosed || !live.Writers.SetEquals([tenant.Route]) || tenant.Cron != tenant.Route)
        {
            yield return $"{tenant.Name} is not served whole by {tenant.Route.Short}";
        }

        var kept = tenant
            .Swaps.Keys.Where(upgrade => upgrade != tenant.Adopted)
            .Select(upgrade => Names.Old(tenant.Database, upgrade))
            .Append(tenant.Database);
        if (!tenant.Databases.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(kept))
        {
            yield return $"{tenant.Name} has the databases {string.Join(", ", tenant.Databases.Keys)}";
        }

        if (
            tenant.Databases.Values.Any(database =>
                database != live && (!database.IsClosed || database.Writers.Count > 0)
            )
        )
        {
            yield return $"{tenant.Name}'s checkpoint can be written to";
        }

        if (!tenant.Links.IsSubsetOf(completed) || !tenant.Swaps.Keys.All(completed.Contains))
        {
            yield return $"{tenant.Name} keeps a checkpoint of an attempt that went back";
        }
    }
}
