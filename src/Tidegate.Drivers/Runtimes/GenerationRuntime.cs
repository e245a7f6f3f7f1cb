using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Starts, finds and ends generations of Odoo as processes of this machine (runtime <c>process</c>).</summary>
public sealed partial class GenerationRuntime(
    SiteLayout layout,
    ProcessLauncher launcher,
    GenerationHttp http,
    TimeProvider clock,
    ILogger<GenerationRuntime> logger
) : IGenerationPorts
{
    private const int PortAttempts = 3;
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);
    private readonly GenerationProbe _probe = new(http.Client);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public Task<GenerationPorts?> FindAsync(PoolName pool, ReleaseDigest digest, CancellationToken cancellationToken) =>
        Task.FromResult(Ports(new(layout, pool, digest)));

    /// <summary>The generations that are to run.</summary>
    public IReadOnlyList<WantedGeneration> Wanted() =>
        [.. GenerationFolder.AllWanted(layout).Select(folder => folder.ReadWanted()).OfType<WantedGeneration>()];

    /// <summary>Which databases a generation serves, and the way to change it. The generation's user exists by then.</summary>
    public async Task<TenantLists> ListsAsync(
        PoolName pool,
        ReleaseDigest digest,
        CancellationToken cancellationToken
    ) =>
        new(
            new GenerationFolder(layout, pool, digest).TenantLists,
            await OsUser.EnsureAsync(OsUser.OfPool(pool), cancellationToken)
        );

    /// <summary>
    /// Makes the generation wanted and all its processes run; returns when web, evented process and migrator answer.
    /// A generation that is there already keeps its number of workers and its preloaded modules.
    /// </summary>
    /// <exception cref="ProcessStartException">It does not come up; the message says what came back and where its log is.</exception>
    public Task<GenerationPorts> EnsureAsync(WantedGeneration wanted, CancellationToken cancellationToken) =>
        InTurnAsync(
            new(layout, wanted.Pool, wanted.Digest),
            folder => StartAsync(folder, wanted, cancellationToken),
            cancellationToken
        );

    /// <summary>The same for an upgrade, which keeps the generation until it serves the tenant or the upgrade lets go.</summary>
    internal Task<GenerationPorts> EnsureForAsync(
        UpgradeId upgrade,
        WantedGeneration wanted,
        CancellationToken cancellationToken
    ) =>
        InTurnAsync(
            new(layout, wanted.Pool, wanted.Digest),
            folder =>
            {
                folder.Claim(upgrade);
                return StartAsync(folder, wanted, cancellationToken);
            },
            cancellationToken
        );

    /// <summary>Starts again what of a wanted generation does not run. False when there is nothing to do.</summary>
    internal Task<bool> RestartAsync(GenerationFolder generation, CancellationToken cancellationToken) =>
        InTurnAsync(
            generation,
            async folder =>
            {
                if (
                    folder.ReadWanted() is not { } wanted
                    || folder.Processes.All(name => launcher.Find(name) is not null)
                )
                {
                    return false;
                }

                await StartAsync(folder, wanted, cancellationToken);
                return true;
            },
            cancellationToken
        );

    /// <summary>Makes the generation unwanted and ends its processes. Nothing of it runs when this returns; its folder is gone.</summary>
    public Task StopAsync(PoolName pool, ReleaseDigest digest, CancellationToken cancellationToken) =>
        StopIfAsync(pool, digest, _ => Task.FromResult(true), cancellationToken);

    /// <summary>The same, if nobody needs it; meanwhile no upgrade of this process can begin to.</summary>
    internal Task<bool> StopIfAsync(
        PoolName pool,
        ReleaseDigest digest,
        Func<GenerationFolder, Task<bool>> isUnused,
        CancellationToken cancellationToken
    ) =>
        InTurnAsync(
            new(layout, pool, digest),
            async folder =>
            {
                var stops = await isUnused(folder);
                if (stops)
                {
                    await EndAsync(folder, cancellationToken);
                }

                return stops;
            },
            cancellationToken
        );

    private async Task<GenerationPorts> StartAsync(
        GenerationFolder folder,
        WantedGeneration wanted,
        CancellationToken cancellationToken
    )
    {
        var command = await PrepareAsync(folder, wanted, cancellationToken);
        var ports = await StartWebAsync(command, cancellationToken);
        await launcher.EnsureAsync(command.Cron(), cancellationToken);
        await launcher.EnsureAsync(command.Migrator(), cancellationToken);
        await UntilReadyAsync(
            folder,
            folder.WebProcess,
            () => _probe.ServesAsync(ports, cancellationToken),
            cancellationToken
        );
        await UntilReadyAsync(
            folder,
            folder.MigratorProcess,
            () => GenerationProbe.AnswersAsync(folder.MigratorSocket, cancellationToken),
            cancellationToken
        );
        GenerationRuns(wanted.Pool, wanted.Digest, ports.Http);
        return ports;
    }

    private async Task EndAsync(GenerationFolder folder, CancellationToken cancellationToken)
    {
        File.Delete(folder.Wanted); // first: from here on nobody starts it again
        await Task.WhenAll(
            folder.Processes.Select(process =>
                launcher.StopAsync(process, StopManner.Gently(StopBound), cancellationToken)
            )
        );
        await ReloadPeersAsync(cancellationToken);
        if (Directory.Exists(folder.Path))
        {
            Directory.Delete(folder.Path, recursive: true);
        }

        GenerationRemoved(folder.Pool, folder.Digest);
    }

    /// <summary>One at a time for a generation: several tenants' upgrades ask for the same one.</summary>
    private async Task<T> InTurnAsync<T>(
        GenerationFolder folder,
        Func<GenerationFolder, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        var turn = _turns.GetOrAdd(folder.Path, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await work(folder);
        }
        finally
        {
            turn.Release();
        }
    }

    private GenerationPorts? Ports(GenerationFolder folder) =>
        launcher.Find(folder.WebProcess) is { } web ? OdooCommand.PortsOf(web) : null;

    private async Task<OdooCommand> PrepareAsync(
        GenerationFolder folder,
        WantedGeneration wanted,
        CancellationToken cancellationToken
    )
    {
        var tree = ReleaseTree.Find(layout, wanted.Digest);
        var bridge = BridgeFiles.Install(layout);
        var user = await OsUser.EnsureAsync(OsUser.OfPool(wanted.Pool), cancellationToken);
        Folder.Passage(layout.Pools);
        Folder.Passage(layout.Pool(wanted.Pool));
        Folder.Private(layout.PoolData(wanted.Pool), user);
        Folder.Passage(layout.Generations(wanted.Pool));
        Folder.Private(folder.Path, user);
        WriteFiles(folder, wanted, [.. tree.AddonsPaths, bridge], user);
        new TenantLists(folder.TenantLists, user).Publish();
        AtomicFile.TryCreate(folder.Wanted, JsonSerializer.Serialize(wanted, JsonSerializerOptions.Web));
        var roles = new PoolRoles(layout.Cluster);
        await roles.EnsureGenerationAsync(wanted.Pool, wanted.Digest, cancellationToken);
        await roles.EnsureMigratorAsync(wanted.Pool, cancellationToken);
        await ReloadPeersAsync(cancellationToken);
        return new(folder, tree, bridge, user?.Name);
    }

    private void WriteFiles(
        GenerationFolder folder,
        WantedGeneration wanted,
        IReadOnlyList<string> addonsPaths,
        OsUser? user
    )
    {
        AtomicFile.TryCreate(
            folder.Configuration,
            OdooConfiguration.Of(layout, wanted, DatabaseNames.Generation(wanted.Pool, wanted.Digest), addonsPaths),
            user
        );
        AtomicFile.TryCreate(
            folder.MigratorConfiguration,
            OdooConfiguration.Of(layout, wanted, DatabaseNames.Migrator(wanted.Pool), addonsPaths),
            user
        );
        AtomicFile.TryCreate(folder.Preload, JsonSerializer.Serialize(wanted.Preload), user);
    }

    private async Task<GenerationPorts> StartWebAsync(OdooCommand command, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (Ports(command.Folder) is { } running)
            {
                return running;
            }

            var wish = launcher.LastRecord(command.Folder.WebProcess) is { } last ? OdooCommand.PortsOf(last) : null;
            var ports = PortChoice.Choose(attempt == 1 ? wish : null, TakenPorts(), Random.Shared);
            if (wish is not null && ports != wish)
            {
                PortsChanged(
                    command.Folder.Pool,
                    command.Folder.Digest,
                    wish.Http,
                    wish.Evented,
                    ports.Http,
                    ports.Evented
                );
            }

            var web = await launcher.EnsureAsync(command.Web(ports), cancellationToken);
            if (attempt == PortAttempts || await ListensAsync(web, OdooCommand.PortsOf(web), cancellationToken))
            {
                return OdooCommand.PortsOf(web);
            }
        }
    }

    /// <summary>False when the process ended before it answered: somebody else may have been quicker with its port.</summary>
    private async Task<bool> ListensAsync(ProcessRecord web, GenerationPorts ports, CancellationToken cancellationToken)
    {
        var deadline = clock.GetUtcNow() + StartBound;
        while (launcher.Find(web.Name) is { } running && running.Pid == web.Pid && clock.GetUtcNow() < deadline)
        {
            if (await _probe.ServesAsync(ports, cancellationToken))
            {
                return true;
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }

        return clock.GetUtcNow() >= deadline;
    }

    private async Task UntilReadyAsync(
        GenerationFolder folder,
        string process,
        Func<Task<bool>> isReady,
        CancellationToken cancellationToken
    )
    {
        var deadline = clock.GetUtcNow() + StartBound;
        while (!await isReady())
        {
            if (launcher.Find(process) is null)
            {
                throw new ProcessStartException(
                    $"{process} of {folder} ended while it started; its log {folder.Log(process)} ends with: {LogTail.Of(folder.Log(process))}"
                );
            }

            if (clock.GetUtcNow() > deadline)
            {
                throw new ProcessStartException(
                    $"{process} of {folder} runs but did not answer within {StartBound.TotalSeconds} s; its log {folder.Log(process)} ends with: {LogTail.Of(folder.Log(process))}"
                );
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }
    }

    /// <summary>Ports of this home's other generations, which may be starting.</summary>
    private HashSet<int> TakenPorts() =>
        GenerationFolder
            .AllWanted(layout)
            .Select(folder => launcher.LastRecord(folder.WebProcess))
            .OfType<ProcessRecord>()
            .Select(OdooCommand.PortsOf)
            .SelectMany(ports => new[] { ports.Http, ports.Evented })
            .ToHashSet();

    private async Task ReloadPeersAsync(CancellationToken cancellationToken)
    {
        PeerMap.Write(layout, await OsUser.EnsureAsync(OsUser.Postgres, cancellationToken));
        launcher.Send(SiteProcesses.Postgres, Signal.Hangup);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Generation {Digest} of pool {Pool} runs on port {Port}")]
    private partial void GenerationRuns(PoolName pool, ReleaseDigest digest, int port);

    [LoggerMessage(Level = LogLevel.Information, Message = "Generation {Digest} of pool {Pool} removed")]
    private partial void GenerationRemoved(PoolName pool, ReleaseDigest digest);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Ports {Http} and {Evented} of generation {Digest} of pool {Pool} were taken; it uses {NewHttp} and {NewEvented}"
    )]
    private partial void PortsChanged(
        PoolName pool,
        ReleaseDigest digest,
        int http,
        int evented,
        int newHttp,
        int newEvented
    );
}
