using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Jobs;

/// <summary>Long work of a site beside its rollouts, as it is stored.</summary>
/// <param name="Kind">Short and stable: <c>backup</c>.</param>
/// <param name="Subject">What it is about: a tenant, a site, a release.</param>
/// <param name="Payload">What is to be done, as stored JSON.</param>
/// <param name="DueAt">It is not begun before.</param>
/// <param name="Progress">What was last said of it; null before it has begun.</param>
/// <param name="Result">What came of it, as stored JSON; null unless it is done.</param>
/// <param name="Failure">One sentence; null unless it failed.</param>
public sealed record Job(
    JobId Id,
    SiteName Site,
    string Kind,
    string Subject,
    string Payload,
    string Actor,
    string? Reason,
    DateTimeOffset CreatedAt,
    DateTimeOffset DueAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    JobState State,
    JobOutcome? Outcome,
    JobProgress? Progress,
    string? Result,
    string? Failure
);

/// <summary>How far a job is.</summary>
public enum JobState
{
    Waiting,
    Running,

    /// <summary>Its outcome is known; what it made for itself is being removed.</summary>
    Cleaning,
    Ended,
}

/// <summary>What came of a job.</summary>
public enum JobOutcome
{
    Done,
    Failed,
    Cancelled,
}

/// <summary>Where a job is at, for people.</summary>
/// <param name="Stage">What it does now: <c>replaying the archive</c>.</param>
/// <param name="Done">How much of it is done, in <paramref name="Unit"/>; null where that cannot be told.</param>
/// <param name="Total">How much there is; null where that cannot be told.</param>
/// <param name="Unit"><c>bytes</c>, <c>files</c>, <c>tenants</c>.</param>
public sealed record JobProgress(string Stage, long? Done = null, long? Total = null, string? Unit = null);
