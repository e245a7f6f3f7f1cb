using Tidegate.Contracts.Releases;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Contracts.Approvals;

/// <summary>A plan to which somebody has to agree, in a list.</summary>
/// <param name="State"><c>open</c>, <c>approved</c>, <c>rejected</c> or <c>void</c>.</param>
/// <param name="Missing">What is missing, one sentence each.</param>
public sealed record ApprovalSummary(
    string Id,
    string Environment,
    string Release,
    string State,
    string PlanHash,
    int Tenants,
    DateTimeOffset AskedAt,
    IReadOnlyList<string> AskedBy,
    IReadOnlyList<string> Missing
);

/// <summary>A plan to which somebody has to agree, with all that they agree to.</summary>
/// <param name="Void">What changed since it was asked for; empty while this is the plan of now.</param>
/// <param name="PolicyVersion">Of the environment's policy; the plan names the rules of the rollout.</param>
/// <param name="Class">What rehearsals proved the release to do to a database, <c>A</c> to <c>E</c>; null while a tenant is not rehearsed.</param>
/// <param name="AuthorsUnknown">Why it cannot be told who wrote it; null where it can.</param>
/// <param name="Errors">Findings of the release's last validation; null while there is none.</param>
/// <param name="LossLimit">How many rows of business documents the way back may cost without a further word.</param>
/// <param name="Gate">What the gate <c>approved</c> says now.</param>
public sealed record ApprovalView(
    string Id,
    string Environment,
    string Release,
    string Digest,
    string State,
    IReadOnlyList<string> Void,
    DateTimeOffset AskedAt,
    IReadOnlyList<string> AskedBy,
    IReadOnlyList<string> Authors,
    string? AuthorsUnknown,
    string PolicyVersion,
    string Risk,
    string? Class,
    int? Errors,
    int? Warnings,
    IReadOnlyList<RequirementView> Requirements,
    IReadOnlyList<ApprovalStatementView> Statements,
    GateView Gate,
    long LossLimit,
    PlanView Plan
);

/// <summary>So many of these people have to agree.</summary>
/// <param name="Counted">Who counts for it: <c>bo</c>, <c>bo in the place of ann</c>.</param>
/// <param name="CouldGive">Who could agree and bring it further.</param>
public sealed record RequirementView(
    string Name,
    int Count,
    IReadOnlyList<string> From,
    IReadOnlyList<string> Including,
    IReadOnlyList<string> Counted,
    IReadOnlyList<string> CouldGive
);

/// <summary>Something that was said.</summary>
/// <param name="Said"><c>asked</c>, <c>approved</c>, <c>rejected</c> or <c>withdrawn</c>.</param>
/// <param name="Uncounted">Why it counts for nothing; null where it counts, or asks.</param>
public sealed record ApprovalStatementView(
    string Said,
    string By,
    DateTimeOffset At,
    DateTimeOffset? Until,
    string? Reason,
    string? Uncounted
);

/// <summary>Agrees to exactly one plan.</summary>
/// <param name="PlanHash">Of the plan that was looked at.</param>
/// <param name="Key">A text of the caller's own: said twice under one key it is said once.</param>
public sealed record GiveApproval(string PlanHash, string Key, string? Reason = null);

/// <summary>Says no.</summary>
public sealed record RejectApproval(string Reason, string Key);

/// <summary>Takes back what the same person said.</summary>
public sealed record WithdrawApproval(string? Reason = null);

/// <summary>Lets somebody agree in the caller's place.</summary>
/// <param name="To">A person of the fleet.</param>
/// <param name="Begins">Now when null.</param>
public sealed record DelegateApprovals(
    string To,
    DateTimeOffset Ends,
    string Key,
    DateTimeOffset? Begins = null,
    string? Reason = null
);

/// <summary>A delegation.</summary>
/// <param name="State"><c>coming</c>, <c>lasts</c> or <c>over</c>.</param>
public sealed record DelegationView(
    long Id,
    string From,
    string To,
    DateTimeOffset Begins,
    DateTimeOffset Ends,
    string State,
    string By,
    string? Reason
);
