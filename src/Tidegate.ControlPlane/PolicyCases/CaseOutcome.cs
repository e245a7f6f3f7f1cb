using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.PolicyCases;

/// <summary>What came of a case.</summary>
/// <param name="Place">File and line at which it begins.</param>
/// <param name="Differences">What is otherwise than expected; nothing where it holds.</param>
public sealed record CaseOutcome(PolicyCase Case, string Place, ImmutableArray<CaseDifference> Differences)
{
    public bool Holds => Differences.IsEmpty;

    /// <summary>The first tenant of which something else is true than expected; null where it is no tenant's matter.</summary>
    public TenantName? Tenant { get; init; }

    /// <summary>Of how many others the same can be said.</summary>
    public int Others { get; init; }

    /// <summary>What says so, or should: rules and gates with where they stand in git.</summary>
    public ImmutableArray<CaseHolder> Rules { get; init; } = [];
}

/// <summary>Something that is otherwise than expected.</summary>
/// <param name="What">The key of what is expected: <c>held</c>.</param>
/// <param name="Rule">File and line of the rule that it comes from; null where there is none, or <see cref="CaseOutcome.Rules"/> tells.</param>
public sealed record CaseDifference(string What, string Expected, string Got, string? Rule = null);

/// <summary>What keeps a start, or does not although that was expected.</summary>
/// <param name="Name">A gate, a rule of a calendar, a limit, as cases name it.</param>
/// <param name="What">One sentence.</param>
/// <param name="Rule">File and line in git; null where no rule is written.</param>
public sealed record CaseHolder(string Name, string What, string? Rule);
