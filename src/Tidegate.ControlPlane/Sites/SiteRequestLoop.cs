using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Sites;

/// <summary>Does what this server's sites are asked to do, a few requests at once.</summary>
public sealed partial class SiteRequestLoop : TurnLoop
{
    /// <summary>Requests done at once: one that takes minutes does not keep the others waiting.</summary>
    private const int AtOnce = 4;

    /// <summary>After so many servers were lost over a request, it is not begun again.</summary>
    private const int MostAttempts = 3;

    private static readonly TurnPauses Pauses = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1));

    private readonly SiteRequestStore _store;
    private readonly ServedSites _served;
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
        : base("sites' requests", Pauses, clock, logger)
    {
        (_store, _served, _logger) = (store, served, logger);
        _handlers = handlers.ToFrozenDictionary(handler => handler.Kind, StringComparer.Ordinal);
        _kinds = RequestKinds.Of(_handlers.Values);
    }

    protected override int Workers => AtOnce;

    /// <summary>Does one request. False when there is none.</summary>
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        if (await _store.ClaimAsync(_served, _kinds, stoppingToken) is not { } claimed)
        {
            return false;
        }

        Found();
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var timer = new PeriodicTimer(_served.Lease / 3, Clock);
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
