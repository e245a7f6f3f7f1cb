using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>A release: a name for a bundle, for ever, and what its makers say about it.</summary>
/// <param name="Schema"><c>tidegate.release/1</c>.</param>
public sealed record ReleaseManifest(string Schema, string Name, ReleaseNotes Notes, BundleManifest Bundle)
{
    public const string CurrentSchema = "tidegate.release/1";

    /// <summary>What identifies the release.</summary>
    public ReleaseDigest Digest => Bundle.Digest;

    /// <summary>Name and digest.</summary>
    public ReleaseRef Ref => new(Name, Digest);
}

/// <summary>What a release's makers declare. Not part of the digest; fixed with the name.</summary>
/// <param name="DeclaredPriceChanges">
/// Product references (<c>default_code</c>) whose price will change on purpose; <c>*</c> for any. The price journey
/// takes every other difference as a failure.
/// </param>
/// <param name="Summary">One line for people, or empty.</param>
public sealed record ReleaseNotes(ImmutableArray<string> DeclaredPriceChanges, string Summary = "")
{
    public static readonly ReleaseNotes None = new([]);
}
