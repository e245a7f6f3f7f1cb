using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tidegate.ControlPlane.Catalog.Validations;

/// <summary>Does what was asked for, one after the other, for as long as the process lives. A broken database is waited for.</summary>
public sealed partial class ValidationLoop(ValidationWork work, TimeProvider clock, ILogger<ValidationLoop> logger)
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
                // The loop outlives its database: what was claimed comes back when its lease has run out.
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

    [LoggerMessage(Level = LogLevel.Error, Message = "A validation failed; it is tried again")]
    private partial void TurnFailed(Exception exception);
}
