using System.Text.Json;

namespace Tidegate.Contracts.Jobs;

/// <summary>Long work of a site: a backup, a restore, a rehearsal, a drill.</summary>
/// <param name="State"><c>waiting</c>, <c>running</c>, <c>cleaning</c> or <c>ended</c>.</param>
/// <param name="Outcome"><c>done</c>, <c>failed</c> or <c>cancelled</c>; null while it is not known.</param>
/// <param name="Result">What came of it; its shape is the kind's. Null unless it is done.</param>
/// <param name="Failure">One sentence; null unless it failed.</param>
public sealed record JobView(
    string Id,
    string Site,
    string Kind,
    string Subject,
    string Actor,
    string? Reason,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    string State,
    string? Outcome,
    JobProgressView? Progress,
    JsonElement? Result,
    string? Failure
);

/// <summary>Where a job is at.</summary>
/// <param name="Unit"><c>bytes</c>, <c>files</c>, <c>tenants</c>; null when nothing is counted.</param>
public sealed record JobProgressView(string Stage, long? Done, long? Total, string? Unit);

/// <summary>A job that was ordered.</summary>
public sealed record OrderedJob(string Id);

/// <summary>Gives a job up.</summary>
/// <param name="Reason">Why; kept in the ledger.</param>
public sealed record CancelJob(string? Reason = null);
