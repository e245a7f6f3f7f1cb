namespace Tidegate.Contracts.Rollouts;

/// <summary>A rollout as it stands.</summary>
/// <param name="State"><c>running</c> or <c>ended</c>.</param>
/// <param name="Outcome"><c>completed</c>, <c>completed_with_exceptions</c>, <c>halted</c>, <c>rolled_back</c>, or null while it runs.</param>
/// <param name="Reason">Why it did not complete, one sentence, or null.</param>
/// <param name="AbortedBy">Who gave it up, or null.</param>
/// <param name="SupersededBy">The newer rollout that took its place, or null.</param>
public sealed record RolloutView(
    string Id,
    string Release,
    string Digest,
    string Environment,
    string PlanHash,
    string State,
    string? Outcome,
    string? Reason,
    string StartedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    IReadOnlyList<UpgradeView> Tenants,
    string? AbortedBy = null,
    string? SupersededBy = null
);

/// <summary>One tenant in a rollout.</summary>
/// <param name="State"><c>pending</c>, <c>forward</c>, <c>back</c>, <c>asking</c> or <c>ended</c>.</param>
/// <param name="Step">Kind of the step that is due, running or asked about, or null.</param>
/// <param name="Ending"><c>completed</c>, <c>completed_with_exception</c>, <c>rolled_back</c>, <c>put_off</c>, <c>untouched</c>, or null.</param>
/// <param name="Evidence">Where the proof of <paramref name="Reason"/> is, below the site's <c>evidence</c> folder.</param>
/// <param name="HoldSeconds">From the beginning of the hold to its release, or until now; null before.</param>
/// <param name="Steps">Finished steps in order.</param>
public sealed record UpgradeView(
    string Id,
    string Tenant,
    string Pool,
    int Wave,
    string State,
    string? Step,
    DateTimeOffset? StepStartedAt,
    string? Ending,
    string? Reason,
    string? Evidence,
    double? HoldSeconds,
    string ReleaseAfter,
    IReadOnlyList<StepView> Steps
);

/// <summary>A finished step.</summary>
public sealed record StepView(string Kind, DateTimeOffset StartedAt, double Seconds, string Outcome, string? Summary);

/// <summary>A rollout in a list.</summary>
public sealed record RolloutListItem(
    string Id,
    string Release,
    string Environment,
    string State,
    string? Outcome,
    string? Reason,
    DateTimeOffset CreatedAt
);
