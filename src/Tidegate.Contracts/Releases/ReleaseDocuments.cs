namespace Tidegate.Contracts.Releases;

/// <summary>Makes a built bundle known as a release. The same name with another digest is refused.</summary>
/// <param name="DeclaredPriceChanges">Product references whose price this release changes on purpose; <c>*</c> for any.</param>
public sealed record RegisterRelease(string Name, string Digest, IReadOnlyList<string>? DeclaredPriceChanges = null);

/// <summary>A registered release.</summary>
public sealed record ReleaseView(
    string Name,
    string Digest,
    DateTimeOffset RegisteredAt,
    string RegisteredBy,
    IReadOnlyList<string> DeclaredPriceChanges
);
