using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.ControlPlane.Catalog.Differences;

/// <summary>What one release changes against another, as far as files tell.</summary>
/// <param name="FromSeries">The series of the release before.</param>
/// <param name="Added">Modules that only the new release has, by name.</param>
/// <param name="Removed">Modules that only the old one has.</param>
/// <param name="Changed">Modules of both whose files differ.</param>
/// <param name="Fields">Columns and models, by model and field.</param>
public sealed record ReleaseDifference(
    string FromSeries,
    string ToSeries,
    ImmutableArray<string> Added,
    ImmutableArray<string> Removed,
    ImmutableArray<ModuleDifference> Changed,
    ImmutableArray<SchemaDifference> Fields
)
{
    /// <exception cref="ArgumentException">There is no release before.</exception>
    public static ReleaseDifference Of(GateInput input)
    {
        var (now, before) = (
            input.Release,
            input.Before ?? throw new ArgumentException("two releases are compared", nameof(input))
        );
        return new(
            before.Core.Series,
            now.Core.Series,
            [.. now.Modules.Keys.Where(name => !before.Modules.ContainsKey(name))],
            [.. before.Modules.Keys.Where(name => !now.Modules.ContainsKey(name))],
            [
                .. now
                    .Modules.Values.Where(module => before.Modules.ContainsKey(module.Name))
                    .Select(module => ModuleDifference.Of(module, before.Modules[module.Name], input))
                    .Where(difference => !difference.Files.IsEmpty),
            ],
            SchemaDifferences.Of(input)
        );
    }
}

/// <summary>What changed in a module.</summary>
/// <param name="From">Its version before.</param>
/// <param name="Files">Files that were added, changed or removed, sorted.</param>
/// <param name="Data">Those of them that an update loads: data of the manifest, translations.</param>
/// <param name="Migrations">Scripts that run on the way, in no order.</param>
/// <param name="ManifestKeys">Keys whose value differs.</param>
public sealed record ModuleDifference(
    string Module,
    string From,
    string To,
    ImmutableArray<string> Files,
    ImmutableArray<string> Data,
    ImmutableArray<string> Migrations,
    ImmutableArray<string> ManifestKeys
)
{
    internal static ModuleDifference Of(ModuleView module, ModuleView before, GateInput input)
    {
        var files = VersionGate.ChangedFiles(module, before).Order(StringComparer.Ordinal).ToImmutableArray();
        var loaded = module
            .Manifest.DataFiles.Concat(before.Manifest.DataFiles)
            .Select(file => file.Value)
            .ToHashSet(StringComparer.Ordinal);
        return new(
            module.Name,
            before.Module.Version,
            module.Module.Version,
            files,
            [.. files.Where(file => loaded.Contains(file) || IsTranslation(file))],
            [.. PreScripts.Running(input, module).Select(script => script.File).Order(StringComparer.Ordinal)],
            files.Contains(ModuleManifest.FileName, StringComparer.Ordinal)
                ? module.Manifest.KeysOtherThan(before.Manifest)
                : []
        );
    }

    private static bool IsTranslation(string file) =>
        file.EndsWith(".po", StringComparison.Ordinal) && file.Split('/')[0] is "i18n" or "i18n_extra";
}
