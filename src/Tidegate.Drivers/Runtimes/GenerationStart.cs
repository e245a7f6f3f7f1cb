using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Starts the processes of a prepared generation and waits until they answer.</summary>
internal sealed class GenerationStart(
    SiteLayout layout,
    ProcessLauncher launcher,
    GenerationProbe probe,
    TimeProvider clock
)
{
    private const int PortAttempts = 3;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    /// <summary>Starts what does not run; returns when web workers, evented process and migrator answer.</summary>
    /// <exception cref="ProcessStartException">Something does not come up.</exception>
    public async Task<GenerationPorts> StartAsync(OdooCommand command, CancellationToken cancellationToken)
    {
        var folder = command.Folder;
        var ports = await StartWebAsync(command, cancellationToken);
        await launcher.EnsureAsync(command.Cron(), cancellationToken);
        await launcher.EnsureAsync(command.Migrator(), cancellationToken);
        await UntilReadyAsync(
            folder,
            folder.WebProcess,
            () => probe.ServesAsync(ports, cancellationToken),
            cancellationToken
        );
        await UntilReadyAsync(
            folder,
            folder.MigratorProcess,
            () => GenerationProbe.AnswersAsync(folder.MigratorSocket, cancellationToken),
            cancellationToken
        );
        return ports;
    }

    /// <summary>Where the generation listens; null when its web server does not run.</summary>
    public GenerationPorts? Ports(GenerationFolder folder) =>
        launcher.Find(folder.WebProcess) is { } web ? OdooCommand.PortsOf(web) : null;

    // Web first and alone: it leaves the compiled Python that the others read.
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
        var deadline = clock.GetUtcNow() + Bound;
        while (launcher.Find(web.Name) is { } running && running.Pid == web.Pid && clock.GetUtcNow() < deadline)
        {
            if (await probe.ServesAsync(ports, cancellationToken))
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
        var deadline = clock.GetUtcNow() + Bound;
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
                    $"{process} of {folder} runs but did not answer within {Bound.TotalSeconds} s; its log {folder.Log(process)} ends with: {LogTail.Of(folder.Log(process))}"
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
}
