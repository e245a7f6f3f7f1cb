using System.Text.Json;

namespace Tidegate.Contracts.Releases;

/// <summary>What running a release in a sandbox showed.</summary>
/// <param name="Verdict"><c>proven</c>, <c>deviates</c>, <c>failed</c>, or <c>none</c> while it was not run.</param>
/// <param name="IsWanted">It is being run, or will be; what is here is of the time before.</param>
/// <param name="Reason">Why it could not be run, or null.</param>
/// <param name="Seconds">How long running it took.</param>
/// <param name="Site">Where it was run.</param>
/// <param name="Facts">The record in short, for people.</param>
/// <param name="Record">The whole record, <c>tidegate.capability/1</c>; null when there is none.</param>
public sealed record CapabilityView(
    string Release,
    string Digest,
    string Verdict,
    bool IsWanted,
    string? Reason,
    DateTimeOffset? MadeAt,
    double? Seconds,
    string? Site,
    IReadOnlyList<CapabilityFindingView> Findings,
    IReadOnlyList<CapabilityFactView> Facts,
    JsonElement? Record
);

/// <summary>Something that is not as the series is known to be.</summary>
/// <param name="Matters">Whether it keeps the release from being proven; otherwise it is a note.</param>
public sealed record CapabilityFindingView(
    string Code,
    string Subject,
    string Expected,
    string Found,
    string Why,
    bool Matters
);

/// <summary>A line of the record.</summary>
public sealed record CapabilityFactView(string Name, string Value);
