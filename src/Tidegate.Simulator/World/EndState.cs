using System.Collections.Immutable;

namespace Tidegate.Simulator.World;

/// <summary>A site at rest, as lines that two runs can be compared by. What may differ between them (OIDs, which orders came when) is not in it.</summary>
public static class EndState
{
    public static ImmutableArray<string> Of(SimulatedSite site) =>
        [
            .. site
                .Tenants.OrderBy(tenant => tenant.Name.Value, StringComparer.Ordinal)
                .Select(tenant =>
                    $"{tenant.Name}: route {tenant.Route.Short}, cron {tenant.Cron?.Short}, hold {tenant.Hold}, links {tenant.Links.Count}, "
                    + string.Join(
                        "; ",
                        tenant
                            .Databases.OrderBy(database => database.Key, StringComparer.Ordinal)
                            .Select(database => $"{database.Key} {Describe(database.Value)}")
                    )
                ),
            .. site
                .Generations.Select(generation =>
                    $"{generation.Key.Pool} runs {generation.Key.Release.Short}{(site.IsChanged(generation.Key.Pool, generation.Key.Release) ? " with other options" : "")}"
                )
                .Order(StringComparer.Ordinal),
        ];

    private static string Describe(SimulatedDatabase database) =>
        $"of {database.Schema.Short}, {(database.IsClosed ? "closed" : "open")}, owner {database.Owner}, written by {string.Join('+', database.Writers.Select(writer => writer.Short))}";
}
