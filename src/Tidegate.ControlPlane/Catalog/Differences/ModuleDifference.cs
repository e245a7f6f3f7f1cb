using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.ControlPlane.Catalog.Differences;

/// <summary>What changed in a module.</summary>
/// <param name="From">Its version before.</param>
/// <param name="Files">Files that were added, changed or removed, sorted.</param>
/// <param name="Data">Those of them that an update loads: data of the manifest, translations.</param>
/// <param name="Views">Views of its data files, by external id.</param>
/// <param name="Migrations">Scripts that run on the way, sorted by path.</param>
/// <param name="ManifestKeys">Keys whose value differs.</param>
/// <param name="Depends">Modules that it depends on.</param>
public sealed record ModuleDifference(
    string Module,
    string From,
    string To,
    ImmutableArray<ItemChange> Files,
    ImmutableArray<ItemChange> Data,
    ImmutableArray<ItemChange> Views,
    ImmutableArray<string> Migrations,
    ImmutableArray<string> ManifestKeys,
    ImmutableArray<ItemChange> Depends
)
{
    private const string View = "ir.ui.view";

    internal static ModuleDifference Of(ModuleView module, ModuleView before, GateInput input)
    {
        var files = Changes.Between(FilesOf(before), FilesOf(module));
        var loaded = module
            .Manifest.DataFiles.Concat(before.Manifest.DataFiles)
            .Select(file => file.Value)
            .ToHashSet(StringComparer.Ordinal);
        return new(
            module.Name,
            before.Module.Version,
            module.Module.Version,
            files,
            [.. files.Where(file => loaded.Contains(file.Name) || IsTranslation(file.Name))],
            Changes.Between(ViewsOf(before), ViewsOf(module)),
            [.. PreScripts.Running(input, module).Select(script => script.File).Order(StringComparer.Ordinal)],
            files.Any(file => file.Name is ModuleManifest.FileName)
                ? module.Manifest.KeysOtherThan(before.Manifest)
                : [],
            Changes.Between(DependsOf(before), DependsOf(module))
        );
    }

    private static IEnumerable<(string Name, string Content)> FilesOf(ModuleView module) =>
        module.Files.Select(file => (file.Path, file.Hash));

    private static IEnumerable<(string Name, string Content)> ViewsOf(ModuleView module) =>
        module
            .Facts.Records.Where(record => record.Model is View)
            .Select(record => (record.Id.Contains('.') ? record.Id : $"{module.Name}.{record.Id}", record.Hash ?? ""));

    private static IEnumerable<(string Name, string Content)> DependsOf(ModuleView module) =>
        module.Module.Depends.Distinct(StringComparer.Ordinal).Select(name => (name, ""));

    private static bool IsTranslation(string file) =>
        file.EndsWith(".po", StringComparison.Ordinal) && file.Split('/')[0] is "i18n" or "i18n_extra";
}
