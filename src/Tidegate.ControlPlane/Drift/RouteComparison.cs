using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Drift;

/// <summary>Compares where requests and scheduled jobs of a tenant go with where they should. Pure.</summary>
public static class RouteComparison
{
    /// <param name="found">Null when the gateway has none.</param>
    /// <param name="ports">Where its generation listens; null when that is not known.</param>
    public static IEnumerable<Difference> Route(ExpectedTenant tenant, LiveRoute? found, LivePorts? ports)
    {
        if (found is null)
        {
            return [One(tenant, DriftCode.RouteMissing, "route", tenant.Generation, "none")];
        }

        return
        [
            .. Where(DriftCode.RouteGeneration, "generation", tenant.Generation, found.Generation),
            .. Where(DriftCode.RouteDatabase, "database", tenant.Database, found.Database),
            .. Where(DriftCode.RouteHosts, "hosts", Sorted(tenant.Hosts), Sorted(found.Hosts))
                .Select(hosts =>
                    tenant.LedHosts is { } led && Sorted(led) == hosts.Found
                        ? hosts with
                        {
                            Cause = DriftCause.Behind,
                        }
                        : hosts
                ),
            // Another generation has other ports: that is said already.
            .. ports is null || found.Generation != tenant.Generation
                ? []
                : Where(DriftCode.RoutePorts, "ports", Text(ports), Text(found.Ports)),
            .. found.LapsedHold is { } hold
                ? [One(tenant, DriftCode.RouteHeld, "hold", "none", hold)]
                : Array.Empty<Difference>(),
        ];

        IEnumerable<Difference> Where(DriftCode code, string item, string expected, string was) =>
            expected == was ? [] : [One(tenant, code, item, expected, was)];
    }

    /// <summary>What the bridges of the tenant's pool were told of its database.</summary>
    /// <param name="generations">Every generation of the pool.</param>
    public static IEnumerable<Difference> Lists(ExpectedTenant tenant, IEnumerable<LiveGeneration> generations) =>
        generations.SelectMany(generation =>
        {
            var name = GenerationName.Of(generation.Pool, generation.Digest);
            var served = generation.Digest == tenant.Release;
            return generation.Serves is Reading<LiveList>.Seen { Value: var list }
                ? Served("requests", list.Web).Concat(Served("scheduled jobs", list.Cron))
                : [];

            IEnumerable<Difference> Served(string what, ImmutableSortedSet<string> databases) =>
                databases.Contains(tenant.Database) == served
                    ? []
                    : [One(tenant, DriftCode.BridgeList, $"{what} on {name}", Says(served), Says(!served))];
        });

    /// <summary>Databases in a bridge's list that belong to nobody.</summary>
    public static IEnumerable<Difference> Foreign(
        ExpectedGeneration generation,
        LiveGeneration found,
        ImmutableHashSet<string> databases
    ) =>
        found.Serves is Reading<LiveList>.Seen { Value: var list }
            ? list
                .Web.Union(list.Cron)
                .Where(database => !databases.Contains(database))
                .Select(database => new Difference(
                    generation.Subject,
                    generation.Pool.Environment,
                    DriftCode.BridgeForeign,
                    database,
                    Says(false),
                    Says(true)
                ))
            : [];

    private static string Says(bool served) => served ? "served" : "not served";

    private static string Sorted(ImmutableArray<string> hosts) =>
        string.Join(", ", hosts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static string Text(LivePorts ports) => FormattableString.Invariant($"{ports.Http} and {ports.Evented}");

    private static Difference One(ExpectedTenant tenant, DriftCode code, string item, string expected, string found) =>
        new(tenant.Subject, tenant.Environment, code, item, expected, found);
}
