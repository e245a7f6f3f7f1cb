using Tidegate.ControlPlane.Catalog;
using Tidegate.Drivers.Catalog;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Catalog;

/// <summary>A control plane whose bundle store holds real releases of small addons.</summary>
internal sealed class CatalogPlane : IAsyncDisposable
{
    private readonly GateFolder _folder = new();

    private CatalogPlane(ScriptedControlPlane plane)
    {
        Plane = plane;
        Store = new BundleStore(Path.Join(plane.Home, "bundles"));
        plane.Script.Store = Store;
    }

    public ScriptedControlPlane Plane { get; }

    public BundleStore Store { get; }

    public static async Task<CatalogPlane> StartAsync(PostgresCluster cluster) =>
        new(await ScriptedControlPlane.StartAsync(cluster));

    /// <summary>Builds a release whose one addon is <c>promo</c> with these files.</summary>
    public ReleaseManifest Build(string name, ModuleText promo, ReleaseNotes? notes = null, ReleaseRisk? risk = null)
    {
        if (Directory.Exists(_folder.At("addons/promo")))
        {
            Directory.Delete(_folder.At("addons/promo"), recursive: true);
        }

        _folder.Module("addons", "promo", promo);
        var built = new BundleBuilder(Store, TimeProvider.System, python: null, new BuildWitness()).Build(
            new(name, _folder.At("core"), [_folder.At("addons")], notes ?? ReleaseNotes.None)
            {
                Risk = risk ?? ReleaseRisk.Normal,
            },
            _ => { },
            TestContext.Current.CancellationToken
        );
        return Assert.IsType<BuildResult.Built>(built).Release;
    }

    /// <summary>Builds and registers.</summary>
    public async Task<ReleaseManifest> RegisterAsync(string name, ModuleText promo)
    {
        var release = Build(name, promo);
        var answer = await Plane.RunAsync("release", "register", "--name", name, "--digest", release.Digest.Value);
        Assert.True(answer.Exit == 0, answer.Error);
        return release;
    }

    public async ValueTask DisposeAsync()
    {
        await Plane.DisposeAsync();
        _folder.Dispose();
    }
}
