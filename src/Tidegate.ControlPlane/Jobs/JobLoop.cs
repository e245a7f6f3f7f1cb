using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Jobs;

/// <summary>Does the jobs of this server's sites, a few at once: runs one, records what came of it, cleans up after it.</summary>
public sealed partial class JobLoop : TurnLoop
{
    /// <summary>Jobs done at once.</summary>
    private const int AtOnce = 4;

    /// <summary>After so many servers were lost over a job, it is given up.</summary>
    private const int MostAttempts = 3;

    private static readonly TurnPauses Pauses = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1));
    private static readonly TimeSpan CleaningPause = TimeSpan.FromSeconds(30);

    private readonly JobStore _store;
    private readonly ServedSites _served;
    private readonly ILogger<JobLoop> _logger;
    private readonly FrozenDictionary<string, IJobHandler> _handlers;

    public JobLoop(
        JobStore store,
        ServedSites served,
        IEnumerable<IJobHandler> handlers,
        TimeProvider clock,
        ILogger<JobLoop> logger
    )
        : base("sites' jobs", Pauses, clock, logger)
    {
        (_store, _served, _logger) = (store, served, logger);
        _handlers = handlers.ToFrozenDictionary(handler => handler.Kind, StringComparer.Ordinal);
    }

    protected override int Workers => AtOnce;

    /// <summary>Does one job. False when there is none.</summary>
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        if (await _store.ClaimAsync(_served, stoppingToken) is not { } claimed)
        {
            return false;
        }

        Found();
        using var watch = new JobWatch(_store, _served, claimed, Clock, _logger, stoppingToken);
        try
        {
            if (!claimed.IsEnding)
            {
                await RunAsync(claimed, watch);
            }

            await CleanUpAsync(claimed, watch);
        }
        catch (JobLeaseLostException)
        {
            LeaseLost(claimed.Kind, claimed.Id);
        }
        catch (OperationCanceledException) when (watch.IsLost && !stoppingToken.IsCancellationRequested)
        {
            LeaseLost(claimed.Kind, claimed.Id);
        }
        finally
        {
            await watch.EndAsync();
        }

        return true;
    }

    private async Task RunAsync(ClaimedJob claimed, JobWatch watch)
    {
        string? result = null;
        string? failure = null;
        try
        {
            (result, failure) = await AnswerAsync(claimed, watch);
        }
        catch (OperationCanceledException) when (watch.IsCancelled)
        {
            // Asked for: recorded below.
        }

        var outcome =
            watch.IsCancelled && result is null && failure is null ? JobOutcome.Cancelled
            : failure is null ? JobOutcome.Done
            : JobOutcome.Failed;
        await _store.RecordAsync(claimed, outcome, result, failure, watch.Lease);
    }

    private async Task<(string? Result, string? Failure)> AnswerAsync(ClaimedJob claimed, JobWatch watch)
    {
        if (claimed.Attempts > MostAttempts)
        {
            return (null, $"{MostAttempts} servers of site {claimed.Site} were lost over it; see their logs.");
        }

        if (!_handlers.TryGetValue(claimed.Kind, out var handler))
        {
            return (null, $"the server of site {claimed.Site} does not know how to {claimed.Kind}; update it.");
        }

        try
        {
            if (claimed.Attempts > 1)
            {
                await handler.CleanUpAsync(claimed, watch.Work);
            }

            return (await handler.RunAsync(claimed, new JobContext(_store, claimed), watch.Work), null);
        }
        catch (JobFailedException failed)
        {
            return (null, failed.Message);
        }
        catch (Exception exception)
            when (exception is not JobLeaseLostException
                && !(exception is OperationCanceledException && watch.Work.IsCancellationRequested)
            )
        {
            // Whatever a handler throws is told to whoever asked.
            JobFailed(exception, claimed.Kind, claimed.Id);
            return (null, exception.Message);
        }
    }

    private async Task CleanUpAsync(ClaimedJob claimed, JobWatch watch)
    {
        try
        {
            if (_handlers.TryGetValue(claimed.Kind, out var handler))
            {
                await handler.CleanUpAsync(claimed, watch.Lease);
            }

            await _store.EndAsync(claimed, watch.Lease);
        }
        catch (Exception exception) when (exception is not (JobLeaseLostException or OperationCanceledException))
        {
            CleaningFailed(exception, claimed.Kind, claimed.Id);
            await _store.PutOffCleaningAsync(claimed, exception.Message, CleaningPause, watch.Lease);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} job {Job} failed")]
    private partial void JobFailed(Exception exception, string kind, JobId job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cleaning up after {Kind} job {Job} failed; it is tried again")]
    private partial void CleaningFailed(Exception exception, string kind, JobId job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease of {Kind} job {Job} was lost; left to its new owner")]
    private partial void LeaseLost(string kind, JobId job);
}
