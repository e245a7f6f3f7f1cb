using System.Net;
using System.Text.Json;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Demo.Shops;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Bench.Cutover;

/// <summary>An Odoo server that is up and has loaded no database, without anything that makes a generation quick.</summary>
internal sealed class FloorServer : IAsyncDisposable
{
    private const string Name = "floor-web";

    private readonly GenerationHttp _http = new();
    private readonly ProcessLauncher _launcher;
    private readonly GenerationPorts _ports;
    private readonly string _lists;

    private FloorServer(ProcessLauncher launcher, GenerationPorts ports, string lists) =>
        (_launcher, _ports, _lists) = (launcher, ports, lists);

    public static async Task<FloorServer> StartAsync(
        ShopSite site,
        ReleaseDigest release,
        CancellationToken cancellationToken
    )
    {
        var pool = new PoolName(BenchSite.Shops[0].Pool);
        var folder = new GenerationFolder(site.Layout, pool, release);
        var lists = Path.Combine(folder.Path, $"{Name}.json");
        await ServeAsync(lists, [], cancellationToken);
        var ports = PortChoice.Choose(wish: null, new HashSet<int>(), Random.Shared);
        var odoo = await new MigratorCommand(site.Layout).OfAsync(pool, release, cancellationToken);
        var launcher = new ProcessLauncher(site.Layout.Home, site.Layout.Run, TimeProvider.System);
        var server = new FloorServer(launcher, ports, lists);
        await launcher.EnsureAsync(
            odoo with
            {
                Name = Name,
                Argv = [.. odoo.Argv, $"--http-port={ports.Http}", $"--gevent-port={ports.Evented}"],
                Environment = odoo.Environment.SetItem("TIDEGATE_BRIDGE_FILE", lists).Remove("TIDEGATE_PRELOAD"),
                Log = folder.Log(Name),
            },
            cancellationToken
        );
        var probe = new GenerationProbe(server._http.Client);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await probe.ServesAsync(ports, cancellationToken))
        {
            await pause.WaitForNextTickAsync(cancellationToken);
        }

        return server;
    }

    /// <summary>The log-in page of a database that the server has not seen before.</summary>
    public async Task<HttpStatusCode> FirstPageAsync(string database, CancellationToken cancellationToken)
    {
        await ServeAsync(_lists, [database], cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_ports.Http}/web/login");
        request.Headers.Host = BenchSite.Shops[0].Hosts[0];
        request.Headers.Add("X-Tidegate-Database", database);
        using var answer = await _http.Client.SendAsync(request, cancellationToken);
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _launcher.StopAsync(Name, StopManner.AtOnce, CancellationToken.None);
        _http.Dispose();
    }

    private static Task ServeAsync(string lists, string[] databases, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(
            lists,
            JsonSerializer.Serialize(new { web = databases, cron = Array.Empty<string>() }),
            cancellationToken
        );
}
