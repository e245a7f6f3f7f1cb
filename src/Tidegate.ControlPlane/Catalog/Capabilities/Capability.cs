using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>What is stored about running a release: its record, or why there is none.</summary>
/// <param name="IsWanted">It is to be run, or is being run now; what is here is of the time before.</param>
/// <param name="By">Who asked for it: a person, or the server itself.</param>
/// <param name="Site">Where it was run: the interpreter and its packages are that machine's.</param>
public sealed record Capability(
    ReleaseDigest Digest,
    bool IsWanted,
    CapabilityRecord? Record,
    string? Failure,
    DateTimeOffset? MadeAt,
    TimeSpan? Took,
    string By,
    string? Site
);
