using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Catalog.Gates;

namespace Tidegate.ControlPlane.Catalog.Validations;

/// <summary>Names one judging of a release. Made from the clock: the greatest is the latest.</summary>
public readonly record struct ValidationId(string Value)
{
    public static ValidationId New(TimeProvider clock) => new($"v-{Guid.CreateVersion7(clock.GetUtcNow()):n}");

    public override string ToString() => Value;
}

/// <summary>How many findings of each severity.</summary>
public sealed record FindingCounts(int Errors, int Warnings, int Infos)
{
    public static FindingCounts Of(ImmutableArray<Finding> findings) =>
        new(
            findings.Count(finding => finding.Severity is Severity.Error),
            findings.Count(finding => finding.Severity is Severity.Warning),
            findings.Count(finding => finding.Severity is Severity.Info)
        );
}

/// <summary>What a judging came to that has ended.</summary>
/// <param name="From">The release that is replaced; null when the release was judged alone, and then <paramref name="Class"/> is null too.</param>
/// <param name="Report">By which hash <see cref="Storage.Artifacts"/> has the whole report.</param>
public sealed record ValidationSummary(
    ValidationId Id,
    string? From,
    FindingCounts Counts,
    ReleaseClass? Class,
    DateTimeOffset At,
    string Report
);

/// <summary>A judging that somebody asked for, at any time of its life.</summary>
/// <param name="Failure">Why it could not be done; null unless it failed.</param>
/// <param name="Ended">What it came to; null unless it ended.</param>
public sealed record RequestedValidation(
    ValidationId Id,
    string Release,
    string? From,
    ValidationState State,
    DateTimeOffset RequestedAt,
    string RequestedBy,
    DateTimeOffset? EndedAt,
    string? Failure,
    ValidationSummary? Ended
);

/// <summary>Where a judging stands.</summary>
public enum ValidationState
{
    Queued,
    Running,

    /// <summary>There is a report.</summary>
    Ended,

    /// <summary>It could not be done; nothing is known about the release.</summary>
    Failed,
}
