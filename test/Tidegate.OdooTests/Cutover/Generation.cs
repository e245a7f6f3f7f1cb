using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.OdooTests.Cutover;

/// <summary>A release's processes in the shop's pool, as the test looks at them.</summary>
internal sealed class Generation
{
    private static readonly PoolName Pool = new("shared");
    private static readonly UpgradeId Neighbour = new("u-0000000000000000000000000neighbour");

    private readonly GenerationFolder _folder;
    private readonly ProcessLauncher _launcher;

    private Generation(WholeSite site, ReleaseDigest digest)
    {
        _folder = new(site.Layout, Pool, digest);
        _launcher = new(site.Layout.Home, site.Layout.Run, TimeProvider.System);
        Role = DatabaseNames.Generation(Pool, digest);
    }

    /// <summary>The PostgreSQL role of its processes.</summary>
    public string Role { get; }

    public string WebName => _folder.WebProcess;

    public string CronName => _folder.CronProcess;

    public string Configuration => _folder.Configuration;

    /// <summary>The master of the web workers.</summary>
    public int Web => _launcher.Find(WebName)!.Pid;

    /// <summary>Its web workers and its evented process: Odoo's master starts an ended one again.</summary>
    public IReadOnlyList<int> Children =>
        [
            .. File.ReadAllText($"/proc/{Web}/task/{Web}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(int.Parse),
        ];

    public bool IsWanted => File.Exists(_folder.Wanted);

    /// <summary>The process of its scheduled jobs; null while it does not run.</summary>
    public int? Cron => _launcher.Find(CronName)?.Pid;

    /// <summary>Where its web workers listen.</summary>
    public int HttpPort => OdooCommand.PortsOf(_launcher.Find(WebName)!).Http;

    public static async Task<Generation> OfAsync(WholeSite site, string release) =>
        new(
            site,
            new ReleaseDigest(
                (
                    await site.ScalarAsync(
                        DatabaseNames.ControlDatabase,
                        "select digest from release where name = $1",
                        release
                    )
                )!
            )
        );

    /// <summary>The generation that serves the shop now.</summary>
    public static async Task<Generation> ServingAsync(WholeSite site) =>
        new(
            site,
            new ReleaseDigest((await site.ScalarAsync(DatabaseNames.ControlDatabase, "select release from tenant"))!)
        );

    /// <summary>Keeps the processes as another tenant's upgrade to the same release does, also when the shop goes back.</summary>
    public void KeepForNeighbour() => _folder.Claim(Neighbour);

    public void ForgetNeighbour() => _folder.LetGo(Neighbour);
}
