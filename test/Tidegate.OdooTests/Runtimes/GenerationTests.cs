using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Runtimes;

public sealed class GenerationTests : IAsyncLifetime
{
    private static readonly PoolName Pool = new("shared");
    private readonly SiteLayout layout = new(Directory.CreateTempSubdirectory("tg-gen-").FullName);
    private readonly GenerationHttp http = new();
    private ReleaseDigest digest;

    private LocalSite Site => new(layout, TimeProvider.System);

    private GenerationRuntime Runtime =>
        new(
            layout,
            new ProcessLauncher(layout.Home, layout.Run, TimeProvider.System),
            http,
            TimeProvider.System,
            NullLogger<GenerationRuntime>.Instance
        );

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var odoo = (await Repository.EngAsync("where", "odoo"))[0];
        var built = (await RealReleases.BuilderAsync(layout.Bundles)).Build(
            new("2026.11.1", odoo, [Repository.At("samples", "addons", "2026.11.1")], ReleaseNotes.None),
            _ => { },
            Cancelled
        );
        digest = Assert.IsType<BuildResult.Built>(built).Release.Digest;
        await Site.StartPostgresAsync(new SiteOptions(0, PostgresBinaries.Find()!), Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DownAsync(CancellationToken.None);
        http.Dispose();
        Directory.Delete(layout.Home, recursive: true);
    }

    [Fact]
    public async Task A_generation_starts_once_answers_and_leaves_nothing()
    {
        var wanted = new WantedGeneration(Pool, digest, 2, ["base", "web"]);
        var watch = Stopwatch.StartNew();

        var first = await Runtime.EnsureAsync(wanted, Cancelled);
        TestContext.Current.SendDiagnosticMessage($"started in {watch.Elapsed}");
        var again = await Runtime.EnsureAsync(wanted, Cancelled);
        Assert.Equal(first, again);
        Assert.Equal(first, await Runtime.FindAsync(Pool, digest, Cancelled));
        watch.Restart();
        await Runtime.StopAsync(Pool, digest, Cancelled);
        await Runtime.StopAsync(Pool, digest, Cancelled); // two tenants may leave it at once: the second finds it gone
        TestContext.Current.SendDiagnosticMessage($"stopped in {watch.Elapsed}");

        Assert.Null(await Runtime.FindAsync(Pool, digest, Cancelled));
        Assert.False(Directory.Exists(layout.Generation(Pool, digest)));
    }
}
