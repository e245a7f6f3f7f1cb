using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>Where a release lies on disk.</summary>
/// <param name="IsBundle">It is a tree of the bundle store.</param>
public sealed record ReleasePlace(string Core, ImmutableArray<string> Addons, bool IsBundle = false)
{
    /// <summary>A tree with folders <c>core</c> and <c>addons</c>, as bundles have.</summary>
    public static ReleasePlace OfTree(string tree)
    {
        // A release may have no addons; a folder without modules would be taken for a mistake.
        var addons = Path.Join(tree, "addons");
        return new(
            Path.Join(tree, "core"),
            Directory.Exists(addons) && Directory.EnumerateDirectories(addons).Any() ? [addons] : []
        );
    }

    public static ReleasePlace OfBundle(string tree) => OfTree(tree) with { IsBundle = true };
}
