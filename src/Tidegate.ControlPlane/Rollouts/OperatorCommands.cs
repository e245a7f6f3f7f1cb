using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>What a person orders a rollout to do. Kept in the ledger with actor and reason.</summary>
public sealed record OperatorCommand(RolloutId Rollout, string Actor, string? Reason, DateTimeOffset Now);

/// <summary>What came of aborting a rollout.</summary>
public abstract record AbortResult
{
    private AbortResult() { }

    /// <summary>Nothing begins any more. The same when it was aborted before: these are the tenants as they stand now.</summary>
    /// <param name="GoingBack">Taken back to the release they ran, or on the way there already.</param>
    /// <param name="Finishing">Past the point of no return: they end on the release.</param>
    /// <param name="Asking">They wait for a person: resumed, those that have not opened go back.</param>
    /// <param name="Untouched">How many never began.</param>
    public sealed record Aborted(
        ImmutableArray<TenantName> GoingBack,
        ImmutableArray<TenantName> Finishing,
        ImmutableArray<TenantName> Asking,
        int Untouched
    ) : AbortResult;

    public sealed record UnknownRollout : AbortResult;

    /// <summary>It had ended, and not by an abort; nothing was changed.</summary>
    public sealed record HasEnded(RolloutOutcome Outcome) : AbortResult;
}

/// <summary>What came of resuming tenants that ask a person.</summary>
public abstract record ResumeResult
{
    private ResumeResult() { }

    /// <summary>Each goes on where it stood; none when none asked.</summary>
    public sealed record Resumed(ImmutableArray<ResumedTenant> Tenants) : ResumeResult;

    public sealed record UnknownRollout : ResumeResult;

    public sealed record UnknownTenant : ResumeResult;

    /// <summary>It had ended; nothing was changed.</summary>
    public sealed record HasEnded(RolloutOutcome Outcome) : ResumeResult;
}

/// <summary>A tenant that goes on.</summary>
/// <param name="IsGoingBack">On the way back to the release that it ran; otherwise forward.</param>
/// <param name="Step">The kind of the step that is tried again.</param>
public sealed record ResumedTenant(TenantName Tenant, bool IsGoingBack, string Step);
