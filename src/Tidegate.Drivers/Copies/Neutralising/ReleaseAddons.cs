using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>The modules of a release, as Odoo finds them.</summary>
/// <param name="Series">The core's: <c>19.0</c>.</param>
/// <param name="Paths">In the order in which Odoo looks for a module.</param>
internal sealed record ReleaseAddons(string Series, ImmutableArray<string> Paths)
{
    /// <exception cref="Runtimes.Processes.ProcessStartException">The bundle is not in the site's store.</exception>
    public static ReleaseAddons Find(SiteLayout layout, ReleaseDigest digest)
    {
        var tree = ReleaseTree.Find(layout, digest);
        return new(new BundleStore(layout.Bundles).Find(digest)!.Odoo.Series, tree.AddonsPaths);
    }

    /// <summary>Whether the release holds the module.</summary>
    public bool Has(string module) => Paths.Any(path => File.Exists(Path.Combine(path, module, "__manifest__.py")));

    /// <summary>What the module runs on a copy; null when it brings nothing for that.</summary>
    public async Task<string?> ScriptAsync(string module, CancellationToken cancellationToken) =>
        Paths.Select(path => Path.Combine(path, module, "data", "neutralize.sql")).FirstOrDefault(File.Exists)
            is { } file
            ? await File.ReadAllTextAsync(file, cancellationToken)
            : null;
}
