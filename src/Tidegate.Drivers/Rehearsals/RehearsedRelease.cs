using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Rehearsals;

/// <summary>What a rehearsal's releases need to run, without the network where the machine allows that.</summary>
/// <param name="Site">The site's own home: bundles and bridge.</param>
/// <param name="Inside">The rehearsal's own home.</param>
/// <param name="Postgres">The side cluster.</param>
/// <param name="User">Who runs everything; null when everything runs as ourselves.</param>
/// <param name="IsIsolated">Whether its processes have no network.</param>
internal sealed record RehearsalHome(
    SiteLayout Site,
    SiteLayout Inside,
    SitePostgres Postgres,
    JobId Job,
    OsUser? User,
    bool IsIsolated
)
{
    public string Isolation =>
        IsIsolated
            ? "no network: only their own loopback and unix sockets"
            : "this machine does not let us take the network away: a user, a cluster and a neutral copy of their own only";
}

/// <summary>Modules that stand before a release's own: what is run is that release with these in the place of its modules of the same names.</summary>
/// <param name="Below">The release that everything else is of.</param>
/// <param name="Addons">Their folder.</param>
internal sealed record ReleaseOverlay(ReleaseRef Below, string Addons);

/// <summary>One release that runs on a rehearsal's copy: its web workers, its evented process, its fork server. No crons.</summary>
internal sealed class RehearsedRelease(
    RehearsalHome home,
    UpgradeTarget target,
    ReleaseRef release,
    ProcessLauncher launcher,
    TimeProvider clock,
    ReleaseOverlay? overlay = null
) : IAsyncDisposable
{
    private const string WebSocket = "web.sock";
    private const string EventedSocket = "evented.sock";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    // Nobody else is in its network: any port is free there.
    private static readonly GenerationPorts Inner = new(8069, 8072);

    private readonly GenerationFolder _folder = new(home.Inside, target.Pool, release.Digest);
    private readonly List<LoopbackRelay> _relays = [];

    /// <summary>The processes that a rehearsal may have.</summary>
    public static IEnumerable<string> ProcessesOf(JobId job) => [Web(job), Migrator(job)];

    public ReleaseRef Release => release;

    /// <summary>Where it is reached, on our loopback.</summary>
    public GenerationPorts Ports { get; private set; } = new(0, 0);

    /// <summary>Starts it; it serves <paramref name="database"/> alone. Returns when all of it answers.</summary>
    /// <exception cref="ProcessStartException">It does not come up.</exception>
    public async Task StartAsync(string database, CancellationToken cancellationToken)
    {
        var command = await PrepareAsync(database, cancellationToken);
        await LetInAsync(database, cancellationToken);
        await launcher.EnsureAsync(Enclosed(WebSpec(command), Web(home.Job), Relays()), cancellationToken);
        await launcher.EnsureAsync(Enclosed(command.Migrator(), Migrator(home.Job), []), cancellationToken);
        if (home.IsIsolated)
        {
            Ports = new(Relay(WebSocket), Relay(EventedSocket));
        }

        using var http = new GenerationHttp();
        var probe = new GenerationProbe(http.Client);
        await UntilAsync(Web(home.Job), () => probe.ServesAsync(Ports, cancellationToken), cancellationToken);
        await UntilAsync(
            Migrator(home.Job),
            () => GenerationProbe.AnswersAsync(_folder.MigratorSocket, cancellationToken),
            cancellationToken
        );
    }

    /// <summary>Ends it. Its folder stays, so that it can be started again.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        foreach (var process in ProcessesOf(home.Job))
        {
            await launcher.StopAsync(process, StopManner.AtOnce, cancellationToken);
        }
    }

    /// <summary>Only what is ours in this process: the job's cleaning ends the others.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var relay in _relays)
        {
            await relay.DisposeAsync();
        }

        _relays.Clear();
    }

    private static string Web(JobId job) => $"rehearsal-web.{job.Short}";

    private static string Migrator(JobId job) => $"rehearsal-migrator.{job.Short}";

    private async Task<OdooCommand> PrepareAsync(string database, CancellationToken cancellationToken)
    {
        UnixSocketPath.Require(_folder.MigratorSocket, target.Pool);
        UnixSocketPath.Require(SocketOf(EventedSocket), target.Pool);
        var tree = ReleaseTree.Find(home.Site, overlay?.Below.Digest ?? release.Digest);
        var bridge = BridgeFiles.Install(home.Site);
        var inside = home.Inside;
        Folder.Passage(inside.Pools);
        Folder.Passage(inside.Pool(target.Pool));
        Folder.Private(inside.PoolData(target.Pool), home.User);
        Folder.Passage(inside.Generations(target.Pool));
        _folder.Make(home.User);
        string addons = string.Join(
            ',',
            [.. overlay is null ? Array.Empty<string>() : [overlay.Addons], .. tree.AddonsPaths, bridge]
        );
        Configure(_folder.Configuration, addons, DatabaseNames.Generation(target.Pool, release.Digest));
        Configure(_folder.MigratorConfiguration, addons, DatabaseNames.Migrator(target.Pool));
        AtomicFile.Write(
            _folder.Preload,
            JsonSerializer.Serialize(await PreloadAsync(database, cancellationToken)),
            home.User
        );
        WriteList(database);
        return new(_folder, tree, bridge, home.User?.Name);
    }

    private void Configure(string path, string addons, string role) =>
        AtomicFile.Write(
            path,
            OdooConfiguration.Text(
                GenerationSettings.Of(
                    new(
                        addons,
                        home.Inside.PoolData(target.Pool),
                        home.Postgres.SocketDirectory,
                        home.Postgres.Port,
                        role
                    ),
                    target.Workers,
                    target.Options
                )
            ),
            home.User
        );

    private async Task<ImmutableArray<string>> PreloadAsync(string database, CancellationToken cancellationToken)
    {
        await using var session = await home.Postgres.OpenAsync(database, SitePostgres.Superuser, cancellationToken);
        var installed = await session.QueryAsync(
            "select name::text from ir_module_module where state = 'installed'",
            [],
            row => row.GetString(0),
            cancellationToken
        );
        return new BundleStore(home.Site.Bundles).Find(release.Digest) is { } bundle
            ? PreloadOrder.Of(bundle, installed.ToHashSet(StringComparer.Ordinal))
            : [];
    }

    /// <summary>The generation's and the migrator's role have this database, as in a cutover, and no other.</summary>
    private async Task LetInAsync(string database, CancellationToken cancellationToken)
    {
        var roles = new PoolRoles(home.Postgres);
        await roles.EnsureGenerationAsync(target.Pool, release.Digest, cancellationToken);
        await roles.EnsureMigratorAsync(target.Pool, cancellationToken);
        await using var session = await home.Postgres.OpenAsync(
            SitePostgres.Maintenance,
            SitePostgres.Superuser,
            cancellationToken
        );
        foreach (
            var role in new[]
            {
                DatabaseNames.Generation(target.Pool, release.Digest),
                DatabaseNames.Migrator(target.Pool),
            }
        )
        {
            await session.ExecuteAllAsync(
                TenantRights.Give(database, DatabaseNames.Owner(target.Database), role),
                cancellationToken
            );
        }
    }

    private void WriteList(string database) =>
        AtomicFile.Write(
            _folder.TenantLists,
            JsonSerializer.Serialize(
                TenantList.Empty with
                {
                    Web = TenantList.Empty.Web.Add(database),
                },
                JsonSerializerOptions.Web
            ),
            home.User
        );

    private ProcessSpec WebSpec(OdooCommand command)
    {
        Ports = home.IsIsolated ? Inner : PortChoice.Choose(null, ImmutableHashSet<int>.Empty, Random.Shared);
        return command.Web(Ports);
    }

    private IEnumerable<string> Relays() =>
        new[] { (WebSocket, Inner.Http), (EventedSocket, Inner.Evented) }.SelectMany(relay =>
            new[] { "--relay", string.Create(CultureInfo.InvariantCulture, $"{SocketOf(relay.Item1)}={relay.Item2}") }
        );

    private ProcessSpec Enclosed(ProcessSpec spec, string name, IEnumerable<string> relays)
    {
        var named = spec with { Name = name, WantedFile = home.Site.UpFile };
        return !home.IsIsolated
            ? named
            : named with
            {
                Argv =
                [
                    SystemPython.Path,
                    "-I",
                    NetworkIsolation.Script(home.Site),
                    .. home.User is { } user ? new[] { "--user", user.Name } : [],
                    .. relays,
                    "--",
                    .. spec.Argv,
                ],
                User = null, // only who started may leave the network; the script becomes the user then
            };
    }

    private int Relay(string name)
    {
        var relay = new LoopbackRelay(SocketOf(name));
        _relays.Add(relay);
        return relay.Port;
    }

    private string SocketOf(string name) => Path.Combine(_folder.Path, name);

    private async Task UntilAsync(string process, Func<Task<bool>> answers, CancellationToken cancellationToken)
    {
        var deadline = clock.GetUtcNow() + Bound;
        while (!await answers())
        {
            if (launcher.Find(process) is null || clock.GetUtcNow() > deadline)
            {
                var log = _folder.Log(process == Web(home.Job) ? _folder.WebProcess : _folder.MigratorProcess);
                throw new ProcessStartException(
                    $"{release.Name} does not come up on the copy; its log ends with: {LogTail.Of(log)}"
                );
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }
    }
}
