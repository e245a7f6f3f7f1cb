using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Following;

/// <summary>Follows the repository when no other server does.</summary>
public sealed partial class FollowingLoop(
    SourceStore store,
    FollowingRound round,
    FollowingOptions options,
    TimeProvider clock,
    ILogger<FollowingLoop> logger
) : TurnLoop("the fleet repository", new(TimeSpan.FromMilliseconds(250), AfterFailure), clock, logger)
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    /// <summary>Does one round. False when there is none to do.</summary>
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        if (await store.ClaimAsync(options.Owner, options.Lease, stoppingToken) is not { } claimed)
        {
            return false;
        }

        using var mine = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var timer = new PeriodicTimer(options.Lease / 3, Clock);
        var renewing = KeepLeaseAsync(claimed, timer, mine);
        RoundEnd? end = null;
        var pause = AfterFailure;
        try
        {
            end = await round.RunAsync(claimed, mine.Token);
            pause = end is { IsDone: false } ? TimeSpan.Zero : Pause(claimed.Source.Interval);
        }
        catch (Exception exception) when (!mine.IsCancellationRequested)
        {
            // Whoever waits for this round is told, unless it is the database that failed: then so does this.
            RoundFailed(exception);
            await round.FailedAsync(exception.Message, stoppingToken);
            end = new(IsReached: false, IsDone: true);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            LeaseLost();
        }
        finally
        {
            timer.Dispose();
            await renewing;
            // Also when it failed or the server stops: the next round need not wait for this one's lease.
            await store.EndAsync(
                claimed,
                pause,
                isDone: end is not null,
                isPreferred: end is { IsReached: true },
                CancellationToken.None
            );
        }

        return true;
    }

    /// <summary>The interval, a tenth more or less, so that many servers of one forge do not ask it at once.</summary>
    private static TimeSpan Pause(TimeSpan interval) => interval * (0.9 + (0.2 * Random.Shared.NextDouble()));

    private async Task KeepLeaseAsync(ClaimedSource claimed, PeriodicTimer timer, CancellationTokenSource mine)
    {
        try
        {
            while (await timer.WaitForNextTickAsync(mine.Token))
            {
                if (!await store.RenewAsync(claimed, options.Lease, mine.Token))
                {
                    await mine.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the round has ended, or the server stops
        }
        catch (Exception exception)
        {
            // A lease that cannot be renewed runs out: what is written under it is refused.
            RoundFailed(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Following the fleet repository failed; it goes on")]
    private partial void RoundFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another server follows the fleet repository now")]
    private partial void LeaseLost();
}
