using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.LiveState;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Databases;

namespace Tidegate.IntegrationTests.Drift;

/// <summary>Parts of a site that do not answer are unknown, each for itself.</summary>
public sealed class SiteLiveStateTests(SiteCluster cluster) : IClassFixture<SiteCluster>, IDisposable
{
    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-live-").FullName);
    private readonly GenerationHttp _http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_answers_is_seen_and_what_does_not_is_unknown()
    {
        var shop = await cluster.NewShopAsync();

        var live = await ReadAsync(cluster.Site, shop.Database);

        var databases = Assert.IsType<Reading<LiveCluster>.Seen>(live.Cluster).Value.Databases;
        Assert.Equal([shop.Database], databases.Keys);
        Assert.Contains(
            "the gateway does not answer",
            Assert.IsType<Reading<ImmutableDictionary<TenantName, LiveRoute>>.Unknown>(live.Routes).Why,
            StringComparison.Ordinal
        );
        Assert.Empty(Assert.IsType<Reading<ImmutableArray<LiveGeneration>>.Seen>(live.Generations).Value);
    }

    [Fact]
    public async Task A_PostgreSQL_that_is_down_is_unknown()
    {
        var live = await ReadAsync(new SitePostgres(_layout.Home, 5432), "shop");

        Assert.Contains(
            "PostgreSQL does not answer",
            Assert.IsType<Reading<LiveCluster>.Unknown>(live.Cluster).Why,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Only_files_with_a_time_of_after_2017_were_changed_where_they_lie()
    {
        var tree = Path.Combine(_layout.Home, "tree");
        string[] files = ["shop/__init__.py", "shop/models/order.py", "shop/__pycache__/order.pyc"];
        foreach (var file in files)
        {
            var path = Path.Combine(tree, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
            File.SetLastWriteTimeUtc(path, new DateTime(2009, 3, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        Assert.Empty(TreeChanges.Of(tree));
        File.AppendAllText(Path.Combine(tree, files[1]), "# by hand");
        File.AppendAllText(Path.Combine(tree, files[2]), "compiled again");
        File.WriteAllText(Path.Combine(tree, "shop", "new.py"), "");

        Assert.Equal(["shop/models/order.py", "shop/new.py"], TreeChanges.Of(tree));
    }

    [Fact]
    public void An_option_file_is_read_as_Odoo_reads_it() =>
        Assert.Equal(
            [("limit_time_cpu", "77"), ("list_db", "False"), ("workers", "4")],
            OdooConfiguration
                .Parse("[options]\n# limit\nworkers = 2\nlist_db=False\n limit_time_cpu: 77 \n;x = 1\n\nworkers = 4\n")
                .Select(setting => (setting.Key, setting.Value))
        );

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_layout.Home, recursive: true);
    }

    private async Task<LiveSite> ReadAsync(SitePostgres site, string database)
    {
        var launcher = new ProcessLauncher(_layout.Home, _layout.Run, TimeProvider.System);
        var runtime = new GenerationRuntime(
            _layout,
            launcher,
            _http,
            TimeProvider.System,
            NullLogger<GenerationRuntime>.Instance
        );
        using var gateway = new GatewayClient(_layout.GatewaySocket);
        return await new SiteLiveState(site, gateway, new LiveGenerations(_layout, launcher, runtime)).ReadAsync(
            [database],
            Token
        );
    }
}
