using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>A number for the content of each module, by which what was computed of it is found again.</summary>
internal static class ModuleContents
{
    /// <param name="sorted">A bundle's entries, in the digest's order.</param>
    /// <returns>By the module's path.</returns>
    public static IReadOnlyDictionary<string, string> Of(
        ImmutableArray<ReleaseModule> modules,
        ImmutableArray<TreeEntry> sorted,
        IReadOnlyDictionary<string, ContentHash> hashes
    )
    {
        var entries = modules.ToDictionary(module => module.Path, _ => new List<TreeEntry>(), StringComparer.Ordinal);
        foreach (var entry in sorted)
        {
            if (Owner(entry.Path, entries) is var (_, own))
            {
                own.Add(entry);
            }
        }

        return entries.ToDictionary(
            module => module.Key,
            module => TreeDigest.Hex(module.Value, hashes),
            StringComparer.Ordinal
        );
    }

    /// <summary>What belongs to the innermost module that a path lies in, and that module's path; null outside of all.</summary>
    public static (string Path, T Own)? Owner<T>(string path, IReadOnlyDictionary<string, T> modules)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (modules.TryGetValue(path[..end], out var own))
            {
                return (path[..end], own);
            }
        }

        return null;
    }
}
