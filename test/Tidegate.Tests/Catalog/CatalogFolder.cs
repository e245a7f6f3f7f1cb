using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Trees;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Tests.Catalog;

/// <summary>A folder of one test: small cores and addons, and a store beside them; gone afterwards.</summary>
internal sealed class CatalogFolder : IDisposable
{
    private const string ReleaseFile = """
        RELEASE_LEVELS = [ALPHA, BETA, RELEASE_CANDIDATE, FINAL] = ['alpha', 'beta', 'candidate', 'final']
        version_info = (19, 0, 0, FINAL, 0, '')
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tidegate-catalog-");

    public CatalogFolder() => Store = new(At("store"));

    public BundleStore Store { get; }

    public string Core => At("core");

    public string Addons => At("addons");

    public string At(string path) => Path.Join(folder.FullName, path);

    /// <summary>A core with <c>base</c> and <c>sale</c>, and an addon that needs it.</summary>
    public CatalogFolder WithShop()
    {
        Write("core/odoo/release.py", ReleaseFile);
        Module("core/odoo/addons/base", "{'name': 'Base', 'version': '1.3'}");
        Module("core/addons/sale", "{'depends': ['base'], 'version': '1.2'}");
        Module("addons/promo", "{'depends': ['sale'], 'version': '19.0.1.1.0', 'auto_install': True}");
        return this;
    }

    public string Module(string path, string manifest)
    {
        Write($"{path}/__init__.py", "");
        return Write($"{path}/__manifest__.py", manifest);
    }

    public string Write(string path, string content)
    {
        var file = At(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    public BuildResult Build(
        string name = "2026.11.1",
        ReleaseNotes? notes = null,
        params ImmutableArray<string> addons
    ) => BuildInto(Store, name, notes, addons);

    /// <summary>The same into another store, with its Python compiled.</summary>
    public BuildResult BuildInto(
        BundleStore store,
        string name = "2026.11.1",
        ReleaseNotes? notes = null,
        params ImmutableArray<string> addons
    ) =>
        new BundleBuilder(store, TimeProvider.System, new SystemPython()).Build(
            new(name, Core, addons.IsDefaultOrEmpty ? [Addons] : addons, notes ?? ReleaseNotes.None),
            _ => { },
            TestContext.Current.CancellationToken
        );

    public ReleaseManifest Built(string name = "2026.11.1") =>
        Build(name) switch
        {
            BuildResult.Built built => built.Release,
            BuildResult.Refused refused => throw new InvalidOperationException(refused.Reasons[0].Sentence),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public Refusal Refused(string name = "2026.11.1")
    {
        var refused = Assert.IsType<BuildResult.Refused>(Build(name));
        return Assert.Single(refused.Reasons);
    }

    /// <summary>Everything in the store, as paths below it.</summary>
    public ImmutableArray<string> Stored() =>
        Directory.Exists(Store.Folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(
                        Store.Folder,
                        "*",
                        new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }
                    )
                    .Select(path => Path.GetRelativePath(Store.Folder, path))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    public void Dispose() => folder.Delete(recursive: true);
}
