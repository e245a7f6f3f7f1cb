using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>Core and addons as they lie on disk, read and judged; nothing is written.</summary>
internal sealed class ReleaseSource
{
    private const string CoreFolder = "core";
    private const string AddonsFolder = "addons";

    private readonly List<TreeEntry> entries = [];
    private readonly List<Refusal> refusals = [];
    private readonly Dictionary<string, ModuleSource> modules = new(StringComparer.Ordinal);

    // Their own refusal says enough; that others then miss them does not need saying.
    private readonly HashSet<string> unreadable = new(StringComparer.Ordinal);

    private ReleaseSource() { }

    /// <summary>The core, its paths below the bundle's tree; null when <see cref="Refusals"/> says why.</summary>
    public OdooCore? Core { get; private set; }

    /// <summary>In the order that the digest is made in.</summary>
    public ImmutableArray<TreeEntry> Entries => [.. entries.OrderBy(entry => entry.Path, CodePointOrder.Instance)];

    public ImmutableArray<ModuleSource> Sources => [.. modules.Values];

    public ImmutableArray<ReleaseModule> Modules =>
        [.. modules.Values.Select(source => source.Module).OrderBy(module => module.Name, StringComparer.Ordinal)];

    public ImmutableArray<Refusal> Refusals => [.. refusals];

    public static ReleaseSource Read(BuildRequest request, CancellationToken cancellationToken)
    {
        var source = new ReleaseSource();
        if (ReleaseNameRules.Release(request.Name) is { } refusal)
        {
            source.refusals.Add(refusal);
        }

        if (source.RealFolder(request.Core, "--core") is { } core)
        {
            source.ReadCore(core, cancellationToken);
        }

        if (source.Core is { } found)
        {
            foreach (
                var folder in request
                    .Addons.Select(folder => source.RealFolder(folder, "--addons"))
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal)
            )
            {
                cancellationToken.ThrowIfCancellationRequested();
                source.ReadAddons(folder, found.Series);
            }

            source.refusals.AddRange(ModuleGraph.Check(source.modules, source.unreadable));
        }

        return source;
    }

    private void ReadCore(string folder, CancellationToken cancellationToken)
    {
        var (core, refusal) = OdooCoreReader.Read(folder);
        if (core is null)
        {
            refusals.Add(refusal!);
            return;
        }

        SourceTree.Read(folder, "", CoreFolder, entries, refusals);
        foreach (var path in core.AddonsPaths)
        {
            foreach (var module in ModulesIn(Path.Join(folder, path)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                AddModule(
                    module,
                    OdooCoreReader.Join(CoreFolder, $"{path}/{Path.GetFileName(module)}"),
                    core.Series,
                    isAddon: false
                );
            }
        }

        if (!modules.ContainsKey("base"))
        {
            refusals.Add(
                new(RefusalKind.Usage, $"{folder} holds no module base below odoo/addons: give a whole Odoo.")
            );
        }

        Core = core with
        {
            PythonPath = OdooCoreReader.Join(CoreFolder, core.PythonPath).TrimEnd('/'),
            Executable = core.Executable is { } executable ? $"{CoreFolder}/{executable}" : null,
            AddonsPaths = [.. core.AddonsPaths.Select(path => $"{CoreFolder}/{path}"), AddonsFolder],
        };
    }

    private void ReadAddons(string folder, string series)
    {
        if (File.Exists(Path.Join(folder, ModuleManifest.FileName)))
        {
            refusals.Add(
                new(RefusalKind.Usage, $"--addons {folder} is a module itself: give the folder that holds it.")
            );
            return;
        }

        var found = ModulesIn(folder).ToImmutableArray();
        if (found.IsEmpty)
        {
            refusals.Add(
                new(
                    RefusalKind.Usage,
                    $"--addons {folder} holds no module (a folder with a {ModuleManifest.FileName}): check the path."
                )
            );
        }

        foreach (var module in found)
        {
            var name = Path.GetFileName(module);
            if (modules.TryGetValue(name, out var other))
            {
                refusals.Add(
                    new(
                        RefusalKind.Content,
                        $"{module} and {Path.GetDirectoryName(other.Manifest)} are both the module {name}: leave one of them out.",
                        RuleCodes.TreeUnfit
                    )
                );
            }
            else if (new DirectoryInfo(module).LinkTarget is { } target)
            {
                refusals.Add(
                    new(
                        RefusalKind.Content,
                        $"{module} is a link to {target}: give the folder that holds the module itself.",
                        RuleCodes.TreeUnfit
                    )
                );
            }
            else
            {
                AddModule(module, $"{AddonsFolder}/{name}", series, isAddon: true);
                SourceTree.Read(folder, name, AddonsFolder, entries, refusals);
            }
        }

        if (entries.TrueForAll(entry => !string.Equals(entry.Path, AddonsFolder, StringComparison.Ordinal)))
        {
            entries.Add(new TreeEntry.Folder(AddonsFolder));
        }
    }

    private void AddModule(string folder, string path, string series, bool isAddon)
    {
        // Odoo takes the first folder of a name that it finds; within a core the order is its own.
        if (modules.ContainsKey(Path.GetFileName(folder)))
        {
            return;
        }

        if (ReleaseNameRules.Module(folder) is { } wrongName)
        {
            refusals.Add(wrongName);
            return;
        }

        try
        {
            var (module, refusal) = ModuleManifest.Read(
                Path.Join(folder, ModuleManifest.FileName),
                path,
                series,
                isAddon
            );
            if (module is null)
            {
                refusals.Add(refusal!);
                unreadable.Add(Path.GetFileName(folder));
            }
            else
            {
                modules.Add(module.Module.Name, module);
            }
        }
        catch (UnauthorizedAccessException)
        {
            // SourceTree reads the same folder and says so.
            refusals.Add(
                new(
                    RefusalKind.Content,
                    $"{Path.Join(folder, ModuleManifest.FileName)} cannot be read: give yourself the right to read it."
                )
            );
        }
    }

    private string? RealFolder(string folder, string option)
    {
        var full = Path.GetFullPath(folder);
        if (!Directory.Exists(full))
        {
            refusals.Add(new(RefusalKind.Usage, $"{option} {folder} is no folder: check the path."));
            return null;
        }

        return new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
    }

    private static IEnumerable<string> ModulesIn(string folder) =>
        Directory
            .EnumerateDirectories(folder)
            .Where(module => !SourceTree.IsSkipped(Path.GetFileName(module)) && HoldsManifest(module))
            .Order(StringComparer.Ordinal);

    // Opening a pipe would wait for ever; SourceTree refuses it.
    private static bool HoldsManifest(string module)
    {
        var manifest = Path.Join(module, ModuleManifest.FileName);
        return File.Exists(manifest) && Posix.Status(manifest).Kind is not FileKind.Special;
    }
}
