using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tidegate.ControlPlane.Observations;

/// <summary>Looks at every tenant of this server's sites in turn, and soon at one that has changed release, for as long as the process lives.</summary>
public sealed partial class ObservationLoop(
    ObservationStore store,
    TenantLookout lookout,
    TimeProvider clock,
    ILogger<ObservationLoop> logger
) : BackgroundService
{
    /// <summary>Tenants looked at between two looks at who is due.</summary>
    private const int Batch = 32;

    private const int TicksBetweenSweeps = 1800;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var ticks = 0;
        do
        {
            try
            {
                while (await lookout.LookAtDueAsync(Batch, stoppingToken) == Batch) { }

                if (++ticks % TicksBetweenSweeps == 0)
                {
                    await store.SweepAsync(stoppingToken);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop outlives its database; what it could not look at is still due.
                LookFailed(exception);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Tenants could not be looked at; it goes on")]
    private partial void LookFailed(Exception exception);
}
