using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState;

/// <summary>A release that environments may ask for: its name, and the digest that decides what it is.</summary>
public sealed record DesiredRelease(ReleaseName Name, ReleaseDigest Digest) : INamed<ReleaseName>
{
    /// <summary>The commit that the release was built from, 40 or 64 hexadecimal digits.</summary>
    public string? Commit { get; init; }

    public ReleaseNotes Notes { get; init; } = new();

    public ReleaseRisk Risk { get; init; } = ReleaseRisk.Normal;

    /// <summary>What it closes, one line; null where it is no security fix.</summary>
    public string? Security { get; init; }
}

/// <summary>What people should know of a release.</summary>
public sealed record ReleaseNotes
{
    public string? Summary { get; init; }

    /// <summary>Product references whose price it changes on purpose; <c>*</c> for any.</summary>
    public ImmutableArray<string> PriceChanges { get; init; } = [];

    /// <summary>What works in another way than before, one sentence each.</summary>
    public ImmutableArray<string> BehaviourChanges { get; init; } = [];

    /// <summary>Tables and columns (<c>table.column</c>) that it removes on purpose.</summary>
    public ImmutableArray<string> Drops { get; init; } = [];
}

/// <summary>What its makers think can go wrong with a release.</summary>
public enum ReleaseRisk
{
    Low,
    Normal,
    High,
}
