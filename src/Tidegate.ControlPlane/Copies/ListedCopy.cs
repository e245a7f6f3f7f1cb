using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Copies;

/// <summary>A copy as it is shown: a recorded one, or a checkpoint.</summary>
/// <param name="Kind"><c>checkpoint</c>, or a <see cref="CopyKind"/> in small letters.</param>
/// <param name="ExpiresAt">Null where nothing ends it by itself.</param>
public sealed record ListedCopy(
    string Id,
    string Kind,
    TenantName Tenant,
    SiteName Site,
    string Owner,
    string Purpose,
    string Place,
    long Bytes,
    bool IsMasked,
    bool IsInUse,
    DateTimeOffset MadeAt,
    DateTimeOffset? ExpiresAt
);

/// <summary>The copies of all sites.</summary>
/// <param name="Missing">One sentence for each site that did not say which checkpoints it keeps.</param>
public sealed record ListedCopies(
    IReadOnlyList<ListedCopy> Copies,
    ImmutableArray<(SiteName Site, string Reason)> Missing
);
