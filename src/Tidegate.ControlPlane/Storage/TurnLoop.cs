using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tidegate.ControlPlane.Storage;

/// <summary>Takes turns for as long as the process lives. It outlives its database: what a turn that failed had claimed comes back when its lease has run out.</summary>
/// <param name="what">For the log: what a turn is at, <c>planned work</c>.</param>
public abstract partial class TurnLoop(string what, TurnPauses pauses, TimeProvider clock, ILogger logger)
    : BackgroundService
{
    protected TimeProvider Clock { get; } = clock;

    /// <summary>How many take turns side by side.</summary>
    protected virtual int Workers => 1;

    /// <summary>Does one thing. False when there is nothing to do.</summary>
    public abstract Task<bool> TurnAsync(CancellationToken stoppingToken);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                pause = await TurnAsync(stoppingToken) ? TimeSpan.Zero : pauses.Idle;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it was: the next turn may find it mended.
                TurnFailed(exception, what);
                pause = pauses.AfterFailure;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A turn at {What} failed; it goes on")]
    private partial void TurnFailed(Exception exception, string what);
}

/// <summary>How long a loop waits before its next turn.</summary>
/// <param name="Idle">When there was nothing to do.</param>
/// <param name="AfterFailure">When the turn failed.</param>
public sealed record TurnPauses(TimeSpan Idle, TimeSpan AfterFailure);
