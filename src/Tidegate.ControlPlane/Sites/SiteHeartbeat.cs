using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tidegate.ControlPlane.Sites;

/// <summary>Says that this server lives, and which bundles it holds, for as long as it does.</summary>
public sealed partial class SiteHeartbeat(
    SiteStore sites,
    ISiteBundles bundles,
    ServedSites served,
    TimeProvider clock,
    ILogger<SiteHeartbeat> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = Site.Silence / 4;

    /// <summary>One beat.</summary>
    public Task BeatAsync(CancellationToken cancellationToken) =>
        sites.BeatAsync(served.Names, bundles.Held(), cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await BeatAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop outlives its database: until that answers, this site is taken to be silent.
                BeatFailed(exception);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A heartbeat could not be written; it goes on")]
    private partial void BeatFailed(Exception exception);
}
