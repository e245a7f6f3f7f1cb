using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>Looks at planned work in turn for as long as the process lives. A broken database is waited for.</summary>
public sealed partial class PromotionLoop(PromotionWork work, TimeProvider clock, ILogger<PromotionLoop> logger)
    : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = TimeSpan.Zero;
            try
            {
                pause = await work.TurnAsync(stoppingToken) ? TimeSpan.Zero : Idle;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop outlives its database; what it could not look at is still due.
                TurnFailed(exception);
                pause = AfterFailure;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Planned work could not be looked at; it goes on")]
    private partial void TurnFailed(Exception exception);
}
