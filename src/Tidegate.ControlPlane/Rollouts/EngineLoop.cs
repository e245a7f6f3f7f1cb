using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Lets the engine take turns for as long as the process lives. A broken database is waited for.</summary>
public sealed partial class EngineLoop(
    RolloutEngine engine,
    EngineOptions options,
    TimeProvider clock,
    ILogger<EngineLoop> logger
) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Workers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = TimeSpan.Zero;
            try
            {
                pause = await engine.TurnAsync(stoppingToken) ? TimeSpan.Zero : Idle;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop outlives its database: what was claimed comes back when its lease has run out.
                TurnFailed(exception);
                pause = AfterFailure;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A turn of the engine failed; it goes on")]
    private partial void TurnFailed(Exception exception);
}
