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
            if (Owner(entry.Path, entries) is { } own)
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

    private static List<TreeEntry>? Owner(string path, Dictionary<string, List<TreeEntry>> entries)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (entries.TryGetValue(path[..end], out var own))
            {
                return own;
            }
        }

        return null;
    }
}
