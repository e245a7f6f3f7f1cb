using System.Globalization;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>
/// Several control planes beside one another on one home, as when a frozen one is taken for dead. In place of the
/// site's own one, which is back when this is disposed of.
/// </summary>
internal sealed class ControlPlanes : IAsyncDisposable
{
    private readonly WholeSite _site;
    private readonly ProcessLauncher _launcher;
    private readonly List<Replica> _replicas = [];

    private ControlPlanes(WholeSite site)
    {
        _site = site;
        _launcher = new(site.Layout.Home, site.Layout.Run, TimeProvider.System);
    }

    /// <summary>The one that was started last: its API answers.</summary>
    public Replica Newest => _replicas[^1];

    /// <summary>Ends the site's control plane and starts the first of these.</summary>
    public static async Task<ControlPlanes> BeginAsync(WholeSite site)
    {
        var planes = new ControlPlanes(site);
        await site.KillAsync(SiteProcesses.ControlPlane);
        await planes.StartAsync();
        return planes;
    }

    /// <summary>Starts one more beside the others: <c>tidegate server --home HOME --lease 2</c>.</summary>
    public async Task<Replica> StartAsync()
    {
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"replica-{TimeProvider.System.GetTimestamp():x}-{_replicas.Count}"
        );
        var own = SiteSpecs.ControlPlane(_site.Layout);
        var log = Path.Combine(_site.Layout.ServerLog, $"{name}.out");
        var process = await _launcher.EnsureAsync(
            own with
            {
                Name = name,
                Argv = [.. own.Argv, "--lease", "2"],
                Log = log,
            },
            TestContext.Current.CancellationToken
        );
        var replica = new Replica(name, process.Pid, log);
        _replicas.Add(replica);
        await Eventually.IsTrueAsync(() => replica.Says("Application started"), $"{name} answers");
        return replica;
    }

    /// <summary>Asks one to end, as an operator does.</summary>
    public Task EndAsync(Replica replica) =>
        _launcher.StopAsync(
            replica.Name,
            StopManner.Gently(TimeSpan.FromSeconds(30)),
            TestContext.Current.CancellationToken
        );

    public Task KillAsync(Replica replica) =>
        _launcher.StopAsync(replica.Name, StopManner.AtOnce, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await KillAsync(replica);
        }

        await _site.UpAgainAsync();
    }
}

/// <summary>One control plane's process.</summary>
internal sealed record Replica(string Name, int Pid, string Log)
{
    /// <summary>Whether it has noticed that what it was doing is somebody else's.</summary>
    public bool HasLost => Says("was lost; left to its new owner");

    public Task FreezeAsync() => Freezing.FreezeAsync(Pid, Name);

    public void Thaw() => Freezing.Thaw(Pid);

    public bool Says(string text) => Text.Contains(text, StringComparison.Ordinal);

    public string Text
    {
        get
        {
            using var stream = new FileStream(
                Log,
                FileMode.OpenOrCreate,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }
}
