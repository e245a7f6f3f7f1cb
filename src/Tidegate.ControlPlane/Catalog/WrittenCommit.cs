using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>A commit, as far as it tells who wrote it. Names are what their owners chose to write.</summary>
/// <param name="Parents">The first is the commit that it was made on; of a merge, the others lead to what it brought in.</param>
/// <param name="Author"><c>Ann Lee &lt;ann@example.com&gt;</c>.</param>
/// <param name="Committer">Who made the commit object.</param>
/// <param name="Key">Fingerprint of the key with which it is signed; null without a signature that fits.</param>
public sealed record WrittenCommit(
    string Id,
    ImmutableArray<string> Parents,
    string Author,
    string Committer,
    string? Key
);
