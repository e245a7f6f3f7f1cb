using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Jobs;

/// <summary>Keeps a job's lease while it is worked on, and hears when somebody gives the job up.</summary>
internal sealed partial class JobWatch : IDisposable
{
    private readonly JobStore _store;
    private readonly ServedSites _served;
    private readonly ClaimedJob _claimed;
    private readonly ILogger _logger;
    private readonly PeriodicTimer _timer;
    private readonly CancellationTokenSource _lease;
    private readonly CancellationTokenSource _work;
    private readonly Task _renewing;

    public JobWatch(
        JobStore store,
        ServedSites served,
        ClaimedJob claimed,
        TimeProvider clock,
        ILogger logger,
        CancellationToken stoppingToken
    )
    {
        (_store, _served, _claimed, _logger) = (store, served, claimed, logger);
        _lease = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        _work = CancellationTokenSource.CreateLinkedTokenSource(_lease.Token);
        _timer = new PeriodicTimer(served.Lease / 3, clock);
        _renewing = RenewAsync();
    }

    /// <summary>Ends with the lease, or the process.</summary>
    public CancellationToken Lease => _lease.Token;

    /// <summary>Ends also when the job is given up.</summary>
    public CancellationToken Work => _work.Token;

    public bool IsCancelled { get; private set; }

    public bool IsLost { get; private set; }

    /// <summary>Nothing is renewed any more.</summary>
    public async Task EndAsync()
    {
        _timer.Dispose();
        await _renewing;
    }

    public void Dispose()
    {
        _timer.Dispose();
        _work.Dispose();
        _lease.Dispose();
    }

    private async Task RenewAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_lease.Token))
            {
                await RenewOnceAsync();
            }
        }
        catch (OperationCanceledException) when (_lease.IsCancellationRequested)
        {
            // The host stops, or the lease is gone.
        }
    }

    private async Task RenewOnceAsync()
    {
        try
        {
            switch (await _store.RenewAsync(_claimed, _served, _lease.Token))
            {
                case JobLease.Lost:
                    IsLost = true;
                    await _lease.CancelAsync();
                    break;
                case JobLease.Cancelled:
                    IsCancelled = true;
                    await _work.CancelAsync();
                    break;
                case JobLease.Held:
                    break;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The database does not answer. The work goes on: if the lease runs out meanwhile, its outcome is refused.
            RenewalFailed(exception, _claimed.Kind, _claimed.Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease of {Kind} job {Job} could not be renewed")]
    private partial void RenewalFailed(Exception exception, string kind, JobId job);
}
