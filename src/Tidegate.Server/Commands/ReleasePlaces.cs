using System.Collections.Immutable;
using Tidegate.Cli;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.Server.Commands;

/// <summary>Finds the folders of a release that somebody names.</summary>
internal sealed class ReleasePlaces(BundleStore store)
{
    /// <summary>What keeps a release from being found.</summary>
    public sealed record Wrong(string Message, int ExitCode);

    /// <summary>A release of the store by its name, or one of folders.</summary>
    public (ReleasePlace? Place, Wrong? Wrong) Of(string? name, string? core, ImmutableArray<string> addons) =>
        (name, core) switch
        {
            ({ } named, null) when addons.IsEmpty => Named(named),
            (null, { } folder) => (new(folder, addons), null),
            (null, null) => (null, new("give --core and --addons, or the name of a release.", ExitCodes.Usage)),
            _ => (null, new("give a release's name, or --core and --addons; not both.", ExitCodes.Usage)),
        };

    /// <summary>The release before: a name, a bundle's tree (folders <c>core</c> and <c>addons</c>), or addons for the same core.</summary>
    public (ReleasePlace? Place, Wrong? Wrong) Before(string from, ReleasePlace place)
    {
        if (!Directory.Exists(from))
        {
            return Named(from);
        }

        var folder = Path.GetFullPath(from);
        var core = Path.Join(folder, "core");
        return Directory.Exists(core) ? (new(core, Addons(folder)), null) : (new(place.Core, [folder]), null);
    }

    private (ReleasePlace? Place, Wrong? Wrong) Named(string name)
    {
        if (store.FindRelease(name) is not { } release)
        {
            return (
                null,
                new(
                    $"there is no release {name} in {store.Folder}, and no folder of that name; tidegate release list shows what there is.",
                    ExitCodes.NotFound
                )
            );
        }

        var tree = store.TreeOf(release.Digest);
        return (new(Path.Join(tree, "core"), Addons(tree), IsBundle: true), null);
    }

    // A release may have no addons; a folder without modules would be taken for a mistake.
    private static ImmutableArray<string> Addons(string tree)
    {
        var addons = Path.Join(tree, "addons");
        return Directory.Exists(addons) && Directory.EnumerateDirectories(addons).Any() ? [addons] : [];
    }
}
