using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tidegate.ControlPlane.Storage;

/// <summary>
/// Takes turns for as long as the process lives. It outlives its database: what a turn that failed had claimed comes back
/// when its lease has run out. Workers that have nothing to do pause one after another, so that a loop that idles asks
/// the database no more often for having many.
/// </summary>
/// <param name="what">For the log: what a turn is at, <c>planned work</c>.</param>
public abstract partial class TurnLoop(string what, TurnPauses pauses, TimeProvider clock, ILogger logger)
    : BackgroundService
{
    private readonly SemaphoreSlim _line = new(1);
    private volatile TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected TimeProvider Clock { get; } = clock;

    /// <summary>How many take turns side by side.</summary>
    protected virtual int Workers => 1;

    /// <summary>Does one thing. False when there is nothing to do.</summary>
    public abstract Task<bool> TurnAsync(CancellationToken stoppingToken);

    /// <summary>Says, from within a turn that lasts, that it has something to do: where there is one thing, there may be more, and those that pause look at once.</summary>
    protected void Found() =>
        Interlocked
            .Exchange(ref _found, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
            .TrySetResult();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var found = _found.Task;
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
                await PauseAsync(pause, found, stoppingToken);
            }
        }
    }

    /// <param name="found">Completed once another worker has found something since this one began to look.</param>
    private async Task PauseAsync(TimeSpan pause, Task found, CancellationToken stoppingToken)
    {
        await _line.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested)
        {
            return; // whether or not it was this one's turn to pause: nobody pauses any more
        }

        await found.WaitAsync(pause, Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _line.Release();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A turn at {What} failed; it goes on")]
    private partial void TurnFailed(Exception exception, string what);
}

/// <summary>How long a loop waits before its next turn.</summary>
/// <param name="Idle">When there was nothing to do.</param>
/// <param name="AfterFailure">When the turn failed.</param>
public sealed record TurnPauses(TimeSpan Idle, TimeSpan AfterFailure);
