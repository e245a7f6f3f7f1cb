using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Drift;

/// <summary>Checks this server's sites again and again, and heals what their policies say, for as long as the process lives.</summary>
public sealed partial class DriftLoop(
    DriftCheck check,
    HealingDesk healing,
    ServedSites served,
    DriftOptions options,
    TimeProvider clock,
    ILogger<DriftLoop> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Servers that start together do not look together; and who has just started has better things to do.
        var pause = options.Interval * (0.5 + (Random.Shared.NextDouble() / 2));
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var site in served.Names)
            {
                if (!stoppingToken.IsCancellationRequested)
                {
                    await TryAsync(site, stoppingToken);
                }
            }

            pause = options.Interval * (0.9 + (Random.Shared.NextDouble() / 5));
        }
    }

    private async Task TryAsync(Fleet.SiteName site, CancellationToken stoppingToken)
    {
        try
        {
            await check.RunAsync(site, stoppingToken);
            await healing.StartByPolicyAsync(site, served.Owner, stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // The loop outlives its database; drift show says how old the last check is.
            CheckFailed(exception, site);
        }
        catch (OperationCanceledException)
        {
            // the host stops
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Site {Site} could not be checked for drift; it goes on")]
    private partial void CheckFailed(Exception exception, Fleet.SiteName site);
}
