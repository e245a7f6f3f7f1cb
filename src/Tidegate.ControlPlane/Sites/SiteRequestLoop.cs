using System.Collections.Frozen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tidegate.ControlPlane.Sites;

/// <summary>Does what this server's sites are asked to do, a few requests at once, for as long as the process lives.</summary>
public sealed partial class SiteRequestLoop : BackgroundService
{
    /// <summary>Requests done at once: one that takes minutes does not keep the others waiting.</summary>
    private const int AtOnce = 4;

    /// <summary>After so many servers were lost over a request, it is not begun again.</summary>
    private const int MostAttempts = 3;

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly SiteRequestStore _store;
    private readonly ServedSites _served;
    private readonly TimeProvider _clock;
    private readonly ILogger<SiteRequestLoop> _logger;
    private readonly FrozenDictionary<string, ISiteRequestHandler> _handlers;
    private readonly RequestKinds _kinds;

    public SiteRequestLoop(
        SiteRequestStore store,
        ServedSites served,
        IEnumerable<ISiteRequestHandler> handlers,
        TimeProvider clock,
        ILogger<SiteRequestLoop> logger
    )
    {
        (_store, _served, _clock, _logger) = (store, served, clock, logger);
        _handlers = handlers.ToFrozenDictionary(handler => handler.Kind, StringComparer.Ordinal);
        _kinds = RequestKinds.Of(_handlers.Values);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = TimeSpan.Zero;
            try
            {
                pause = await TurnAsync(stoppingToken) ? TimeSpan.Zero : Idle;
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
                await Task.Delay(pause, _clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Does one request. False when there is none.</summary>
    private async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        if (await _store.ClaimAsync(_served, _kinds, stoppingToken) is not { } claimed)
        {
            return false;
        }

        using var mine = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var timer = new PeriodicTimer(_served.Lease / 3, _clock);
        var renewing = KeepLeaseAsync(claimed, timer, mine);
        try
        {
            var outcome = await AnswerAsync(claimed, mine.Token);
            await _store.AnswerAsync(
                claimed,
                outcome,
                _kinds.Logged.Contains(claimed.Kind, StringComparer.Ordinal),
                mine.Token
            );
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            // Somebody else owns the request now: it finds what is done.
            LeaseLost(claimed.Kind, claimed.Id);
        }
        finally
        {
            timer.Dispose();
            await renewing;
        }

        return true;
    }

    private async Task<RequestState> AnswerAsync(ClaimedRequest claimed, CancellationToken cancellationToken)
    {
        if (claimed.Attempts > MostAttempts)
        {
            return new(null, $"{MostAttempts} servers of site {claimed.Site} were lost over it; see their logs.");
        }

        if (!_handlers.TryGetValue(claimed.Kind, out var handler))
        {
            return new(null, $"the server of site {claimed.Site} does not know how to {claimed.Kind}; update it.");
        }

        try
        {
            return new(await handler.AnswerAsync(claimed, cancellationToken), null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever a handler throws is told to whoever asked.
            RequestFailed(exception, claimed.Kind, claimed.Id);
            return new(null, $"{claimed.Kind} on site {claimed.Site} failed: {exception.Message}");
        }
    }

    /// <summary>Renews until the timer is disposed of; cancels the work when the lease is gone.</summary>
    private async Task KeepLeaseAsync(ClaimedRequest claimed, PeriodicTimer timer, CancellationTokenSource mine)
    {
        try
        {
            while (await timer.WaitForNextTickAsync(mine.Token))
            {
                if (!await RenewOnceAsync(claimed, mine.Token))
                {
                    await mine.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested)
        {
            // The host stops, or the lease is gone.
        }
    }

    private async Task<bool> RenewOnceAsync(ClaimedRequest claimed, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.RenewAsync(claimed, _served, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The database does not answer. The work goes on: if the lease runs out meanwhile, the answer is refused.
            RenewalFailed(exception, claimed.Kind, claimed.Id);
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A turn at sites' requests failed; it goes on")]
    private partial void TurnFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} request {Request} failed")]
    private partial void RequestFailed(Exception exception, string kind, long request);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Lease of {Kind} request {Request} was lost; left to its new owner"
    )]
    private partial void LeaseLost(string kind, long request);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease of {Kind} request {Request} could not be renewed")]
    private partial void RenewalFailed(Exception exception, string kind, long request);
}
