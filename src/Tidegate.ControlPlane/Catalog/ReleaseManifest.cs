using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>A release: a name for a bundle, for ever, what its makers say about it, and what its build found.</summary>
/// <param name="Schema"><c>tidegate.release/2</c>; <c>/1</c> recorded neither risk, source nor Python.</param>
public sealed record ReleaseManifest(string Schema, string Name, ReleaseNotes Notes, BundleManifest Bundle)
{
    public const string CurrentSchema = "tidegate.release/2";
    internal const string FirstSchema = "tidegate.release/1";

    internal static readonly ImmutableArray<string> KnownSchemas = [FirstSchema, CurrentSchema];

    public ReleaseRisk Risk { get; init; } = ReleaseRisk.Normal;

    /// <summary>Where core and addons came from, the core first; empty when it was not recorded.</summary>
    public ImmutableArray<SourceFolder> Source { get; init; } = [];

    /// <summary>The interpreter of the build; null when it was not asked.</summary>
    public PythonEnvironment? Python { get; init; }

    /// <summary>What identifies the release.</summary>
    public ReleaseDigest Digest => Bundle.Digest;

    /// <summary>Name and digest.</summary>
    public ReleaseRef Ref => new(Name, Digest);
}

/// <summary>The file that gives a bundle its name: what <see cref="ReleaseManifest"/> has beside the bundle.</summary>
internal sealed record Registration(string Name, ReleaseDigest Digest, ReleaseNotes Notes)
{
    public string Schema { get; init; } = ReleaseManifest.FirstSchema;

    public ReleaseRisk Risk { get; init; } = ReleaseRisk.Normal;

    public ImmutableArray<SourceFolder> Source { get; init; } = [];

    public PythonEnvironment? Python { get; init; }
}
