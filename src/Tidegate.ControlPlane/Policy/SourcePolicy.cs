using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Policy;

/// <summary>How the fleet repository must be protected before a commit may change an environment.</summary>
public sealed record SourcePolicy
{
    /// <summary>Fingerprints of the keys that may sign a commit, as git prints them; empty does not ask for a signature.</summary>
    public ImmutableArray<string> SignedBy { get; init; } = [];

    /// <summary>Somebody other than the author merged it.</summary>
    public bool OtherMerger { get; init; }

    /// <summary>The forge has recorded a review.</summary>
    public bool Review { get; init; }

    /// <summary>Whether it asks for nothing: every commit passes.</summary>
    public bool AsksNothing => SignedBy.IsEmpty && !OtherMerger && !Review;
}
