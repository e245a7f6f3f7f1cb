using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tidegate.Contracts.Gateway;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Starts again what is wanted and has ended: PostgreSQL first, then the gateway, then generations.</summary>
/// <remarks>
/// What is wanted is said by files in the home folder, and each process looks at its own file once more when it
/// starts: what was removed on purpose stays removed, however late this notices.
/// </remarks>
public sealed partial class ProcessSupervisor(
    SiteLayout layout,
    SiteServices site,
    GenerationRuntime runtime,
    GatewayClient gateway,
    SupervisorTools tools
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Patience> _patience = new(StringComparer.Ordinal);
    private readonly ILogger _logger = tools.Logger;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, tools.Clock);
        do
        {
            await TendAsync(stoppingToken);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One look at everything.</summary>
    internal async Task TendAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(layout.UpFile) || SiteOptions.Read(layout) is not { } options)
        {
            return;
        }

        await TendAsync(
            SiteProcesses.Postgres,
            () => site.StartPostgresAsync(options, cancellationToken),
            cancellationToken
        );
        await TendAsync(
            SiteProcesses.Gateway,
            () => site.StartGatewayAsync(options, cancellationToken),
            cancellationToken
        );
        await Task.WhenAll(
            GenerationFolder
                .AllWanted(layout)
                // In this order: what became wanted a moment ago is at work until its processes run.
                .Where(folder => !runtime.IsAtWork(folder) && folder.Processes.Any(IsGone))
                .Select(folder =>
                    TryAsync(folder.ToString(), () => RestartAsync(folder, cancellationToken), cancellationToken)
                )
        );
    }

    private Task TendAsync(string name, Func<Task> start, CancellationToken cancellationToken) =>
        IsGone(name) ? TryAsync(name, start, cancellationToken) : Task.CompletedTask;

    private bool IsGone(string name) => tools.Launcher.Find(name) is null;

    private async Task TryAsync(string name, Func<Task> start, CancellationToken cancellationToken)
    {
        var now = tools.Clock.GetUtcNow();
        var patience = _patience.GetValueOrDefault(name, Patience.New);
        if (!patience.Allows(now))
        {
            return;
        }

        _patience[name] = patience.Started(now);
        HasEnded(name, patience.Starts);
        try
        {
            await start();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A loop that must outlive whatever one process comes up with: the next look tries again.
            StartFailed(name, failure);
        }
    }

    private async Task RestartAsync(GenerationFolder folder, CancellationToken cancellationToken)
    {
        await runtime.RestartAsync(folder, cancellationToken);
        if (await runtime.FindAsync(folder.Pool, folder.Digest, cancellationToken) is not { } ports)
        {
            return;
        }

        // Its old ports may have been taken: whoever is led there is led to the new ones, under the same epoch.
        var name = TenantRouting.NameOf(folder.Pool, folder.Digest);
        foreach (var status in await gateway.ListAsync(cancellationToken))
        {
            if (string.Equals(status.Route.Generation, name, StringComparison.Ordinal) && !LeadsTo(status.Route, ports))
            {
                await gateway.RouteAsync(
                    new(status.Tenant),
                    status.Route with
                    {
                        HttpPort = ports.Http,
                        EventedPort = ports.Evented,
                    },
                    cancellationToken
                );
            }
        }
    }

    private static bool LeadsTo(RouteChange route, GenerationPorts ports) =>
        route.HttpPort == ports.Http && route.EventedPort == ports.Evented;

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Process} has ended and is started again; {Starts} starts before this one"
    )]
    private partial void HasEnded(string process, int starts);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Process} could not be started again")]
    private partial void StartFailed(string process, Exception failure);
}

/// <summary>What the supervisor works with beside the things it tends.</summary>
public sealed record SupervisorTools(ProcessLauncher Launcher, TimeProvider Clock, ILogger<ProcessSupervisor> Logger);
