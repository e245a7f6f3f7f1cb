namespace Tidegate.Contracts.Rollouts;

/// <summary>Gives a running rollout up. Repeating it changes nothing.</summary>
/// <param name="Reason">Why; kept in the ledger and told wherever the rollout is shown.</param>
public sealed record AbortRollout(string? Reason = null);

/// <summary>What an abort leads to.</summary>
/// <param name="GoingBack">Tenants that return to the release they ran.</param>
/// <param name="Finishing">Tenants that have begun to open and end on the release.</param>
/// <param name="Asking">Tenants that wait for a person; they are moved on by <see cref="ResumeRollout"/>.</param>
/// <param name="Untouched">How many tenants never began.</param>
public sealed record AbortedRollout(
    string Id,
    IReadOnlyList<string> GoingBack,
    IReadOnlyList<string> Finishing,
    IReadOnlyList<string> Asking,
    int Untouched
);

/// <summary>Lets tenants that ask a person go on where they stood. Repeating it changes nothing.</summary>
/// <param name="Tenant">One tenant of the rollout; null for all that ask.</param>
/// <param name="Reason">Why; kept in the ledger.</param>
public sealed record ResumeRollout(string? Tenant = null, string? Reason = null);

/// <summary>The tenants that go on; none when none asked.</summary>
public sealed record ResumedRollout(string Id, IReadOnlyList<ResumedTenantView> Tenants);

/// <summary>A tenant that goes on.</summary>
/// <param name="Direction"><c>forward</c> or <c>back</c>.</param>
/// <param name="Step">Kind of the step that is tried again.</param>
public sealed record ResumedTenantView(string Tenant, string Direction, string Step);
