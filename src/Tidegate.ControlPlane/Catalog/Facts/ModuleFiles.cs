using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>The files of each module.</summary>
internal static class ModuleFiles
{
    private const long NanosecondsPerTick = 100;

    /// <param name="sorted">A release's entries, in the digest's order.</param>
    /// <returns>By the module's path.</returns>
    public static IReadOnlyDictionary<string, ImmutableArray<ModuleFile>> ByModule(
        ImmutableArray<ReleaseModule> modules,
        ImmutableArray<TreeEntry> sorted,
        IReadOnlyDictionary<string, ContentHash> hashes
    )
    {
        var found = modules.ToDictionary(
            module => module.Path,
            _ => ImmutableArray.CreateBuilder<ModuleFile>(),
            StringComparer.Ordinal
        );
        foreach (var file in sorted.OfType<TreeEntry.File>())
        {
            if (ModuleContents.Owner(file.Path, found) is var (path, own))
            {
                own.Add(View(file, file.Path[(path.Length + 1)..], hashes[file.Path]));
            }
        }

        return found.ToDictionary(module => module.Key, module => module.Value.ToImmutable(), StringComparer.Ordinal);
    }

    /// <summary>Files that lie in no module, with paths below the release's tree.</summary>
    public static ImmutableArray<ModuleFile> OfNone(
        ImmutableArray<ReleaseModule> modules,
        ImmutableArray<TreeEntry> sorted,
        IReadOnlyDictionary<string, ContentHash> hashes
    )
    {
        var owners = modules.ToDictionary(module => module.Path, StringComparer.Ordinal);
        return
        [
            .. sorted
                .OfType<TreeEntry.File>()
                .Where(file => ModuleContents.Owner(file.Path, owners) is null)
                .Select(file => View(file, file.Path, hashes[file.Path])),
        ];
    }

    private static ModuleFile View(TreeEntry.File file, string path, ContentHash hash) =>
        new(
            path,
            hash.Hex,
            DateTime.UnixEpoch.AddTicks(file.Identity.Modified / NanosecondsPerTick),
            hash.ModificationTime
        );
}
