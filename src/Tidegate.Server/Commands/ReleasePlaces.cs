using System.Collections.Immutable;
using Tidegate.Cli;
using Tidegate.ControlPlane.Catalog;

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
        return Directory.Exists(Path.Join(folder, "core"))
            ? (ReleasePlace.OfTree(folder), null)
            : (new(place.Core, [folder]), null);
    }

    /// <summary>One of two that are compared: a name, a tree, or addons for an Odoo.</summary>
    public (ReleasePlace? Place, Wrong? Wrong) Compared(string name, string? core)
    {
        if (!Directory.Exists(name))
        {
            return Named(name);
        }

        var folder = Path.GetFullPath(name);
        return Directory.Exists(Path.Join(folder, "core")) ? (ReleasePlace.OfTree(folder), null)
            : core is null
                ? (
                    null,
                    new(
                        $"{name} has no folder core: give the Odoo that its addons are for, by --core.",
                        ExitCodes.Usage
                    )
                )
            : (new(core, [folder]), null);
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

        return (store.PlaceOf(release.Digest), null);
    }
}
