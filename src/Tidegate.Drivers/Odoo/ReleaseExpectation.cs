using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Odoo;

/// <summary>What a release's own tree says that an update of some modules must leave.</summary>
/// <param name="Versions">The version of each updated module, as the database will have it.</param>
/// <param name="Scripts">Migration scripts that have to run.</param>
internal sealed record ReleaseExpectation(
    ImmutableSortedDictionary<string, string> Versions,
    ImmutableArray<MigrationScript> Scripts
)
{
    /// <summary>Null when the release is not in the store: nothing is expected then, and nothing can pass.</summary>
    public static ReleaseExpectation? Find(
        BundleStore bundles,
        ReleaseDigest digest,
        ImmutableArray<string> modules,
        Catalogue? before
    )
    {
        if (bundles.Find(digest) is not { } bundle)
        {
            return null;
        }

        var updated = modules.Select(bundle.Find).OfType<ReleaseModule>().ToList();
        return new(
            updated.ToImmutableSortedDictionary(
                module => module.Name,
                module => module.Version,
                StringComparer.Ordinal
            ),
            [
                .. updated.SelectMany(module =>
                    before?.Modules.GetValueOrDefault(module.Name)?.Version is { } installed
                        ? MigrationScripts.Expected(
                            MigrationScripts.In(Path.Join(bundles.TreeOf(digest), module.Path), module.Name),
                            installed,
                            module.Version,
                            bundle.Odoo.Series
                        )
                        : []
                ),
            ]
        );
    }
}
