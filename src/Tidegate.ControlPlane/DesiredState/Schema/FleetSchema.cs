using System.Collections.Immutable;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>A kind of object of a fleet.</summary>
/// <param name="Folder">Where its files are; null for the one at the root.</param>
/// <param name="Example">One that shows most keys.</param>
internal sealed record FleetObject(ObjectFolder? Folder, ObjectSchema Schema, object Example);

/// <summary>Everything that a fleet repository may say.</summary>
internal static class FleetSchema
{
    /// <summary>In the order in which an operator meets them.</summary>
    public static ImmutableArray<FleetObject> Objects { get; } =
    [
        new(null, OrganisationSchema.Schema, OrganisationSchema.Example),
        new(Folders.Sites, SiteSchema.Schema, SiteSchema.Example),
        new(Folders.Environments, EnvironmentSchema.Schema, EnvironmentSchema.Example),
        new(Folders.Pools, PoolSchema.Schema, PoolSchema.Example),
        new(Folders.Tenants, TenantSchema.Schema, TenantSchema.Example),
        new(Folders.Releases, ReleaseSchema.Schema, ReleaseSchema.Example),
        new(Folders.Policies, PolicySchema.Schema, PolicySchema.Example),
        new(Folders.Objectives, ObjectiveSchema.Schema, ObjectiveSchema.Example),
        new(Folders.Calendars, CalendarSchema.Schema, CalendarSchema.Example),
        new(Folders.PolicyTests, PolicyTestSchema.Schema, PolicyTestSchema.Example),
    ];

    /// <summary>The objects of a folder; null when a fleet has no such folder.</summary>
    public static FleetObject? Find(string folder)
    {
        foreach (var known in Objects)
        {
            if (known.Folder?.Name == folder)
            {
                return known;
            }
        }

        return null;
    }
}
