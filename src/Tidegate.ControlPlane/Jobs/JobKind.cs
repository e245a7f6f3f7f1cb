namespace Tidegate.ControlPlane.Jobs;

/// <summary>One kind of long work that a site's own server does.</summary>
/// <param name="Name">Short and stable: it is stored.</param>
/// <typeparam name="TJob">What is to be done.</typeparam>
/// <typeparam name="TResult">What comes of it.</typeparam>
public sealed record JobKind<TJob, TResult>(string Name);

/// <summary>A job that somebody wants done.</summary>
/// <param name="Lane">Of a site's jobs of one lane only one runs at once; null does not wait for another.</param>
/// <param name="Key">While a job of this key has not ended, it is taken instead of a second one; null never is.</param>
/// <param name="DueAt">Null for at once.</param>
public sealed record JobOrder<TJob>(
    Fleet.SiteName Site,
    string Subject,
    TJob Payload,
    string Actor,
    string? Reason = null,
    string? Lane = null,
    string? Key = null,
    DateTimeOffset? DueAt = null
);

/// <summary>A job failed; the message is one sentence that says what is wrong, where, and what to do next.</summary>
public sealed class JobFailedException(string message, Exception? inner = null) : Exception(message, inner);
