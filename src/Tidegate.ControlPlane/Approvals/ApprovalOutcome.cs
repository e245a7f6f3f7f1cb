using System.Collections.Immutable;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>Whether work is approved, and what came of everything that was said of it.</summary>
/// <param name="Answer">What the gate says.</param>
/// <param name="Requirements">One for each, in their order.</param>
/// <param name="Uncounted">What was said and does not count.</param>
/// <param name="Extra">The one more that unknown authorship asks for; null where authors are known.</param>
public sealed record ApprovalOutcome(
    GateAnswer Answer,
    ImmutableArray<MetRequirement> Requirements,
    ImmutableArray<UncountedStatement> Uncounted,
    MetRequirement? Extra
);

/// <summary>How far a requirement is met.</summary>
/// <param name="Counted">Who counts for it.</param>
/// <param name="CouldGive">People who have not agreed and of whom one alone would bring it further; at most a few.</param>
public sealed record MetRequirement(
    ApprovalRequirement Requirement,
    ImmutableArray<CountedApproval> Counted,
    ImmutableArray<string> CouldGive
)
{
    public int Missing => Requirement.Count - Counted.Length;
}

/// <param name="InPlaceOf">Whose place was taken by delegation; null for the own one.</param>
public sealed record CountedApproval(string Person, string? InPlaceOf);

/// <summary>Something that was said and counts for nothing, with one sentence why.</summary>
public sealed record UncountedStatement(ApprovalStatement Statement, string Why);
