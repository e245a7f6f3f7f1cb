using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Jobs;

/// <summary>Does jobs of one kind on this server's sites.</summary>
public interface IJobHandler
{
    string Kind { get; }

    /// <summary>The result, as stored JSON.</summary>
    Task<string> RunAsync(ClaimedJob claimed, JobContext context, CancellationToken cancellationToken);

    Task CleanUpAsync(ClaimedJob claimed, CancellationToken cancellationToken);
}

/// <summary>
/// A handler of one kind of job. Whoever does it may be killed anywhere: then it is cleaned up and run again from its
/// beginning, with what was kept by <see cref="JobContext.KeepAsync"/>. Running it twice equals running it once.
/// </summary>
public abstract class JobHandler<TJob, TResult>(JobKind<TJob, TResult> kind) : IJobHandler
{
    public string Kind => kind.Name;

    public async Task<string> RunAsync(ClaimedJob claimed, JobContext context, CancellationToken cancellationToken) =>
        StoredJson.Write(await RunAsync(StoredJson.Read<TJob>(claimed.Payload), claimed, context, cancellationToken));

    public Task CleanUpAsync(ClaimedJob claimed, CancellationToken cancellationToken) =>
        CleanUpAsync(StoredJson.Read<TJob>(claimed.Payload), claimed, cancellationToken);

    /// <summary>Does the work.</summary>
    /// <exception cref="JobFailedException">It cannot be done; the message is for people. Any other exception fails the job too.</exception>
    protected abstract Task<TResult> RunAsync(
        TJob job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Removes what the job made for itself and nobody needs: side clusters, working folders, databases, roles. Called
    /// when it has ended, however, and before it is begun again. Nothing there is no error.
    /// </summary>
    protected abstract Task CleanUpAsync(TJob job, ClaimedJob claimed, CancellationToken cancellationToken);
}

/// <summary>A job under lease.</summary>
/// <param name="Payload">Stored JSON.</param>
/// <param name="Facts">What an earlier attempt kept, as stored JSON; null when there is none.</param>
/// <param name="Epoch">Fencing number of this claim: above every lease that was given out before.</param>
/// <param name="Attempts">How many servers have begun it, this one among them.</param>
/// <param name="IsEnding">Whether its outcome is recorded already, and only the cleaning is left.</param>
public sealed record ClaimedJob(
    JobId Id,
    Fleet.SiteName Site,
    string Kind,
    string Subject,
    string Payload,
    string? Facts,
    string Actor,
    string? Reason,
    long Epoch,
    int Attempts,
    bool IsEnding
);

/// <summary>What a handler may say while it works.</summary>
public sealed class JobContext(JobStore store, ClaimedJob claimed)
{
    /// <summary>Tells people where the work is at. Says nothing to the ledger.</summary>
    public Task ReportAsync(JobProgress progress, CancellationToken cancellationToken) =>
        store.ReportAsync(claimed, progress, cancellationToken);

    /// <summary>Keeps what a later attempt must know: committed before this returns, or an exception when the job is another's by now.</summary>
    public Task KeepAsync<TFacts>(TFacts facts, CancellationToken cancellationToken) =>
        store.KeepAsync(claimed, StoredJson.Write(facts), cancellationToken);

    /// <summary>What was kept; the default when nothing was.</summary>
    public TFacts? Kept<TFacts>()
        where TFacts : class => claimed.Facts is { } facts ? StoredJson.Read<TFacts>(facts) : null;
}
