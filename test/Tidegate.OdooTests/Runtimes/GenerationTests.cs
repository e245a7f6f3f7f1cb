using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.OdooTests.Runtimes;

public sealed class GenerationTests : IAsyncLifetime
{
    private static readonly PoolName Pool = new("shared");
    private static readonly ReleaseDigest Digest = ReleaseDigest.Create("sha256:" + new string('a', 64));
    private readonly SiteLayout layout = new(Directory.CreateTempSubdirectory("tg-gen-").FullName);
    private readonly HttpClient http = new();

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
        var tree = Path.Combine(layout.Bundles, Digest.Hex, "tree");
        Directory.CreateDirectory(tree);
        Directory.CreateSymbolicLink(Path.Combine(tree, "core"), "/var/cache/tidegate/odoo-19");
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
        var wanted = new WantedGeneration(Pool, Digest, 2, ["base", "web"]);
        var watch = Stopwatch.StartNew();

        var first = await Runtime.EnsureAsync(wanted, Cancelled);
        TestContext.Current.SendDiagnosticMessage($"started in {watch.Elapsed}");
        var again = await Runtime.EnsureAsync(wanted, Cancelled);
        Assert.Equal(first, again);
        Assert.Equal(first, await Runtime.FindAsync(Pool, Digest, Cancelled));
        watch.Restart();
        await Runtime.StopAsync(Pool, Digest, Cancelled);
        TestContext.Current.SendDiagnosticMessage($"stopped in {watch.Elapsed}");

        Assert.Null(await Runtime.FindAsync(Pool, Digest, Cancelled));
        Assert.False(Directory.Exists(layout.Generation(Pool, Digest)));
    }
}
