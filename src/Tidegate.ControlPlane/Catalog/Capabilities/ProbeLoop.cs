using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>
/// Runs each release once, one after the other: those that somebody asked for, and those that were registered and not
/// run yet. What was begun by a process that is gone is begun again when its lease has run out.
/// </summary>
public sealed partial class ProbeLoop(
    CapabilityStore store,
    IReleaseProbe probe,
    IReleaseContents contents,
    ProbeTools tools
) : BackgroundService
{
    private readonly ILogger _logger = tools.Logger;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await TurnAsync(stoppingToken))
                {
                    continue;
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop outlives its database and whatever a sandbox comes up with.
                TurnFailed(exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Idle, tools.Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes one release whose bundle is here and runs it.</summary>
    /// <returns>False when there is none, or the sandbox is taken.</returns>
    internal async Task<bool> TurnAsync(CancellationToken cancellationToken)
    {
        foreach (var due in (await store.DueAsync(tools.Clock.GetUtcNow(), cancellationToken)).Where(contents.Has))
        {
            if (await store.ClaimAsync(due, tools.Options, tools.Clock.GetUtcNow(), cancellationToken))
            {
                return await WorkAsync(due, cancellationToken);
            }
        }

        return false;
    }

    private async Task<bool> WorkAsync(ReleaseDigest digest, CancellationToken cancellationToken)
    {
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = KeepLeaseAsync(digest, mine);
        var began = tools.Clock.GetTimestamp();
        try
        {
            var outcome = await probe.RunAsync(digest, mine.Token);
            if (outcome is ProbeOutcome.Busy)
            {
                await store.PutBackAsync(digest, tools.Options, cancellationToken);
                return false;
            }

            var took = tools.Clock.GetElapsedTime(began);
            await store.EndAsync(digest, outcome, tools.Options, new(tools.Clock.GetUtcNow(), took), cancellationToken);
            Ran(digest, took.TotalSeconds);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return true; // the lease was lost: who has it now runs the release
        }
        finally
        {
            await mine.CancelAsync();
            await renewing;
        }
    }

    private async Task KeepLeaseAsync(ReleaseDigest digest, CancellationTokenSource mine)
    {
        using var timer = new PeriodicTimer(tools.Options.Lease / 3, tools.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(mine.Token))
            {
                if (!await store.RenewAsync(digest, tools.Options, mine.Token))
                {
                    await mine.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested)
        {
            // The work has ended.
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Release {Digest} was run in the sandbox in {Seconds:0.0} s"
    )]
    private partial void Ran(ReleaseDigest digest, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Running a release in the sandbox failed; it is tried again")]
    private partial void TurnFailed(Exception exception);
}

/// <summary>What the loop works with beside what it works on.</summary>
public sealed record ProbeTools(ProbeOptions Options, TimeProvider Clock, ILogger<ProbeLoop> Logger);
