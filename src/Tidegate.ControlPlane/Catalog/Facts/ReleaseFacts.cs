using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>A release as values: everything that static gates judge.</summary>
/// <param name="Modules">By name.</param>
/// <param name="Refusals">Why a build would refuse it; what could not be read is missing from <paramref name="Modules"/>.</param>
/// <param name="IsBundle">It lies in a bundle store, whose files have times of their own.</param>
/// <param name="Missing">What its Python does not find.</param>
public sealed record ReleaseFacts(
    OdooCore Core,
    ImmutableSortedDictionary<string, ModuleView> Modules,
    ImmutableArray<Refusal> Refusals,
    bool IsBundle,
    MissingPython Missing
)
{
    /// <summary>Files of Odoo that belong to no module, sorted; paths are below the release's tree.</summary>
    public ImmutableArray<ModuleFile> CoreFiles { get; init; } = [];
}

/// <summary>One module of a release.</summary>
/// <param name="Folder">On disk, absolute.</param>
/// <param name="Files">Sorted by path.</param>
public sealed record ModuleView(
    ReleaseModule Module,
    string Folder,
    bool IsAddon,
    ManifestView Manifest,
    ModuleFacts Facts,
    ImmutableArray<ModuleFile> Files
)
{
    public string Name => Module.Name;

    public bool HasFile(string path) => Files.Any(file => string.Equals(file.Path, path, StringComparison.Ordinal));
}

/// <summary>A file of a module.</summary>
/// <param name="Path">Below the module's folder.</param>
/// <param name="Hash">SHA-256 of its content.</param>
/// <param name="Modified">When it was last written.</param>
/// <param name="Normalised">The time that a bundle gives a file of this content.</param>
public sealed record ModuleFile(string Path, string Hash, DateTime Modified, DateTime Normalised);
