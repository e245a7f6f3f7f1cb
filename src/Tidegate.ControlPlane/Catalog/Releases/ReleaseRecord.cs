using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog.Releases;

/// <summary>A registered release as the control database knows it. All but block and validation is fixed with the name.</summary>
public sealed record ReleaseRecord(
    ReleaseRef Ref,
    ReleaseNotes Notes,
    ReleaseRisk Risk,
    DateTimeOffset RegisteredAt,
    string RegisteredBy
)
{
    /// <summary>The core's version; null for a release that was registered before it was recorded. So is the series.</summary>
    public string? Odoo { get; init; }

    public string? Series { get; init; }

    /// <summary>What the addons were built of; null when that is unknown.</summary>
    public string? Commit { get; init; }

    /// <summary>Whether core and addons held their commits' files and no others; null when that is unknown.</summary>
    public bool? Clean { get; init; }

    /// <summary>By which hash <see cref="Storage.Artifacts"/> has the <see cref="ReleaseManifest"/>; null as for <see cref="Odoo"/>.</summary>
    public string? Manifest { get; init; }

    /// <summary>Null while rollouts may take it.</summary>
    public ReleaseBlock? Block { get; init; }

    /// <summary>The latest validation that ended; null when none did.</summary>
    public ValidationSummary? Validation { get; init; }

    /// <summary>The strongest class that a rehearsal proved, of whatever tenant; null where none did.</summary>
    public ReleaseClass? Proven { get; init; }

    /// <summary>What rules for classes go by: the strongest that was proposed or proven, <c>A</c> to <c>E</c>. A rehearsal of one tenant does not make a release weaker for all others. Null where nobody knows it.</summary>
    public string? Class =>
        (Validation?.Class, Proven) switch
        {
            ({ } proposed, { } proven) => (proposed > proven ? proposed : proven).ToString(),
            var (proposed, proven) => (proposed ?? proven)?.ToString(),
        };
}

/// <summary>Why no rollout may take a release, who says so, and since when.</summary>
public sealed record ReleaseBlock(string Reason, string By, DateTimeOffset At);

/// <summary>What a change of a block does.</summary>
/// <param name="Block">The block to set; null lifts the one that is there.</param>
public sealed record BlockChange(string Release, ReleaseBlock? Block, string Actor, string Reason, DateTimeOffset At);

/// <summary>What somebody wants to be registered; what is null is taken from the build of that name.</summary>
/// <param name="Commit">The addons' commit: refused when the build says another.</param>
public sealed record ReleaseRegistration(string Name, ReleaseDigest Digest, string? Commit = null)
{
    public ImmutableArray<string>? DeclaredPriceChanges { get; init; }

    public ImmutableArray<string>? DeclaredBehaviourChanges { get; init; }

    public ImmutableArray<string>? DeclaredDrops { get; init; }

    public string? Summary { get; init; }

    public ReleaseRisk? Risk { get; init; }
}

/// <summary>What came of registering.</summary>
public abstract record RegisterResult
{
    private RegisterResult() { }

    /// <param name="WasThere">It was registered before; nothing was changed.</param>
    public sealed record Registered(ReleaseRecord Release, bool WasThere) : RegisterResult;

    public sealed record Invalid(string What) : RegisterResult;

    public sealed record NoBundle(string What) : RegisterResult;

    public sealed record Conflict(string What) : RegisterResult;
}
