using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Refreshes;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>No tenant that matters to somebody is said to be a copy.</summary>
internal static class CopyChecks
{
    public static void Check(FleetObjects fleet, FirstProblems problems)
    {
        var copies = fleet.Read<DesiredTenant>(Folders.Tenants).Where(read => read.Object.CopyOf is not null).ToList();
        if (copies.Count == 0)
        {
            return;
        }

        var world = World(fleet, [.. copies.Select(read => read.Object)]);
        foreach (var (document, tenant) in copies)
        {
            if (
                PlaceOf(fleet, tenant) is { } target
                && fleet.Find<DesiredTenant>(Folders.Tenants, tenant.CopyOf!.Source.Value) is { } source
                && PlaceOf(fleet, source) is { } from
                && StagingRules.Refusal(target, from, world) is { } refusal
            )
            {
                problems.Add(
                    document,
                    document.PlaceOf("copyOf"),
                    $"{tenant.Name} {refusal}.",
                    "Such a tenant is never refreshed: leave copyOf out, put it into another pool, or say it of another tenant."
                );
            }
        }
    }

    private static StagingWorld World(FleetObjects fleet, ImmutableArray<DesiredTenant> copies)
    {
        var environments = fleet.Read<DesiredEnvironment>(Folders.Environments).Select(read => read.Object).ToList();
        return new(
            copies.ToImmutableDictionary(tenant => tenant.Name, tenant => tenant.CopyOf!.Source),
            [
                .. copies
                    .Select(tenant => fleet.Find<DesiredTenant>(Folders.Tenants, tenant.CopyOf!.Source.Value))
                    .OfType<DesiredTenant>()
                    .Select(source => PlaceOf(fleet, source))
                    .OfType<StagedPlace>()
                    .Select(place => place.Environment),
            ],
            environments.ToImmutableDictionary(each => each.Name, each => each.Upstream),
            environments
                .Select(each =>
                    (
                        each.Name,
                        Policy: each.Policy is { } policy
                            ? fleet.Find<EnvironmentPolicy>(Folders.Policies, policy.Value)
                            : null
                    )
                )
                .Where(each => each.Policy is not null)
                .ToImmutableDictionary(each => each.Name, each => each.Policy!)
        );
    }

    /// <summary>Null where its pool could not be read: that is told elsewhere.</summary>
    private static StagedPlace? PlaceOf(FleetObjects fleet, DesiredTenant tenant) =>
        fleet.Find<DesiredPool>(Folders.Pools, tenant.Pool.Value) is { } pool
            ? new(tenant.Name, pool.Site, pool.Environment)
            : null;
}
