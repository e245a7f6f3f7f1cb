using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>Puts what Odoo sees of modules beside what the release's manifest has. Pure.</summary>
public static class SeenAddons
{
    /// <param name="seen">With absolute paths.</param>
    /// <param name="tree">The release's tree: paths become relative to it, and what lies elsewhere is none of the release's.</param>
    public static ImmutableArray<SeenAddon> Compare(ImmutableArray<SeenAddon> seen, BundleManifest bundle, string tree)
    {
        var root = tree.TrimEnd('/') + "/";
        var known = bundle.Modules.ToDictionary(module => module.Name, StringComparer.Ordinal);
        var result = ImmutableArray.CreateBuilder<SeenAddon>();
        foreach (var addon in seen.Where(addon => addon.Path?.StartsWith(root, StringComparison.Ordinal) != false))
        {
            var path = addon.Path?[root.Length..];
            known.Remove(addon.Name, out var module);
            result.Add(
                addon with
                {
                    Path = path,
                    Checksum = module?.Path == path ? module?.Checksum : null,
                    Difference = Difference(addon, path, module),
                }
            );
        }

        result.AddRange(
            known.Values.Select(unseen => new SeenAddon(unseen.Name, null, null, false, false, null)
            {
                Difference = "Odoo does not find it",
            })
        );
        result.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return result.DrainToImmutable();
    }

    private static string? Difference(SeenAddon addon, string? path, ReleaseModule? module) =>
        module is null ? "the manifest does not have it"
        : module.Path != path ? $"Odoo takes it from {path ?? "nowhere"}, the manifest from {module.Path}"
        : addon.Problem is null && module.Version != addon.Version
            ? $"version {addon.Version} to Odoo, {module.Version} in the manifest"
        : null;
}
