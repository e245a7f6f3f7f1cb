using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
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
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);
    private readonly GenerationPreparation _preparation = new(layout, launcher);
    private readonly GenerationStart _start = new(layout, launcher, new GenerationProbe(http.Client), clock);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public Task<GenerationPorts?> FindAsync(PoolName pool, ReleaseDigest digest, CancellationToken cancellationToken) =>
        Task.FromResult(_start.Ports(new(layout, pool, digest)));

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

    /// <summary>Whether it is being started or ended just now: what does not run of it has not ended by itself.</summary>
    internal bool IsAtWork(GenerationFolder generation) =>
        _turns.TryGetValue(generation.Path, out var turn) && turn.CurrentCount == 0;

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

    /// <summary>
    /// Writes the generation's option files anew and starts its processes again: scheduled jobs first, which end when the
    /// running ones have; then, under a hold, the web process.
    /// </summary>
    /// <param name="hold">Holds and drains every tenant; null when nothing of them is on its way any more, otherwise what is.</param>
    /// <returns>What is in the way, or null when it runs again.</returns>
    /// <exception cref="ProcessStartException">It does not come up.</exception>
    internal Task<string?> RenewAsync(
        GenerationFolder generation,
        TimeSpan jobBound,
        Func<CancellationToken, Task<string?>> hold,
        CancellationToken cancellationToken
    ) =>
        InTurnAsync(
            generation,
            async folder =>
            {
                if (folder.ReadWanted() is not { } wanted)
                {
                    return $"{folder} is no longer wanted";
                }

                await _preparation.RewriteAsync(folder, wanted, cancellationToken);
                var busy = await EndJobsAsync(folder, jobBound, cancellationToken) ?? await hold(cancellationToken);
                if (busy is null && launcher.Find(folder.WebProcess) is { } web)
                {
                    await launcher.StopAsync(
                        folder.WebProcess,
                        StopManner.Gently(StopBound),
                        () => launcher.Find(folder.WebProcess) is { } now && now.Pid != web.Pid,
                        cancellationToken
                    );
                }

                await StartAsync(folder, wanted, cancellationToken);
                return busy;
            },
            cancellationToken
        );

    /// <summary>Odoo's master takes no new job and ends with the last that runs. Nothing is killed.</summary>
    private async Task<string?> EndJobsAsync(
        GenerationFolder folder,
        TimeSpan bound,
        CancellationToken cancellationToken
    )
    {
        if (launcher.Find(folder.CronProcess) is not { } cron)
        {
            return null;
        }

        launcher.Send(folder.CronProcess, Signal.Terminate);
        var deadline = clock.GetUtcNow() + bound;
        while (launcher.Find(folder.CronProcess) is { } running && running.Pid == cron.Pid)
        {
            if (clock.GetUtcNow() > deadline)
            {
                return $"a scheduled job of {folder} did not end within {bound.TotalSeconds:0} s";
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }

        return null;
    }

    /// <summary>Makes the generation unwanted and ends its processes. Nothing of it runs when this returns; its folder is gone.</summary>
    public Task StopAsync(PoolName pool, ReleaseDigest digest, CancellationToken cancellationToken) =>
        StopIfAsync(pool, digest, _ => Task.FromResult(true), cancellationToken);

    /// <summary>The same, if nobody needs it; meanwhile no upgrade of this process can begin to. False when somebody does.</summary>
    internal Task<bool> StopIfAsync(
        PoolName pool,
        ReleaseDigest digest,
        Func<GenerationFolder, Task<bool>> isUnused,
        CancellationToken cancellationToken
    ) =>
        InTurnAsync(
            new(layout, pool, digest),
            async folder => await isUnused(folder) && await EndAsync(folder, cancellationToken),
            cancellationToken
        );

    private async Task<GenerationPorts> StartAsync(
        GenerationFolder folder,
        WantedGeneration wanted,
        CancellationToken cancellationToken
    )
    {
        var command = await _preparation.PrepareAsync(folder, wanted, cancellationToken);
        var ports = await _start.StartAsync(command, cancellationToken);
        GenerationRuns(wanted.Pool, wanted.Digest, ports.Http);
        return ports;
    }

    /// <summary>False when another control plane has begun to want it meanwhile: what runs then is not ours to end.</summary>
    private async Task<bool> EndAsync(GenerationFolder folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder.Path))
        {
            return true; // two tenants left it at once: the other was quicker
        }

        File.Delete(folder.Wanted); // first: from here on nobody starts it again
        await Task.WhenAll(
            folder.Processes.Select(process =>
                launcher.StopAsync(process, StopManner.Gently(StopBound), IsWantedAgain, cancellationToken)
            )
        );
        if (IsWantedAgain())
        {
            return false;
        }

        await _preparation.ReloadPeersAsync(cancellationToken);
        Directory.Delete(folder.Path, recursive: true);

        GenerationRemoved(folder.Pool, folder.Digest);
        return true;

        bool IsWantedAgain() => File.Exists(folder.Wanted);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Generation {Digest} of pool {Pool} runs on port {Port}")]
    private partial void GenerationRuns(PoolName pool, ReleaseDigest digest, int port);

    [LoggerMessage(Level = LogLevel.Information, Message = "Generation {Digest} of pool {Pool} removed")]
    private partial void GenerationRemoved(PoolName pool, ReleaseDigest digest);
}
