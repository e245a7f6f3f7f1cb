using Tidegate.Contracts.Checkpoints;

namespace Tidegate.Contracts.Copies;

/// <summary>A second instance of a tenant's data.</summary>
/// <param name="Kind"><c>checkpoint</c>, <c>generation</c>, <c>rehearsal</c>, <c>drill</c>, <c>export</c>, <c>staging</c>, <c>restored</c> or <c>replaced</c>.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Purpose">Why it is kept.</param>
/// <param name="Place">Its database, or its folder where it has none.</param>
/// <param name="IsMasked">People were taken out of it.</param>
/// <param name="IsInUse">Work on it has not ended: nobody drops it.</param>
/// <param name="ExpiresAt">When it is dropped by itself; null where nothing ends it.</param>
public sealed record CopyView(
    string Id,
    string Kind,
    string Tenant,
    string Site,
    string Owner,
    string Purpose,
    string Place,
    long Bytes,
    bool IsMasked,
    bool IsInUse,
    DateTimeOffset MadeAt,
    DateTimeOffset? ExpiresAt
);

/// <summary>Copies, the first to end first.</summary>
/// <param name="Silent">Sites that did not say which checkpoints they keep: there may be more.</param>
public sealed record CopyList(IReadOnlyList<CopyView> Copies, IReadOnlyList<SilentSite> Silent);

/// <summary>All that holds a tenant's data beside the tenant itself: what a request for erasure has to reach.</summary>
/// <param name="Backups">The first to end first.</param>
public sealed record HeldDataList(string Tenant, CopyList Copies, IReadOnlyList<HeldDataView> Backups);

/// <param name="EndsAt">When it is gone by itself; null when nothing ends it.</param>
public sealed record HeldDataView(string Kind, string Id, string Where, DateTimeOffset? EndsAt);

/// <summary>Keeps a copy longer, or less long.</summary>
/// <param name="Reason">Why; kept in the ledger.</param>
public sealed record ExtendCopy(DateTimeOffset Until, string? Reason = null);

public sealed record ExtendedCopy(string Id, DateTimeOffset ExpiresAt);

/// <summary>Drops a copy for good. Repeating it changes nothing.</summary>
/// <param name="Reason">Why; kept in the ledger.</param>
public sealed record DropCopyRequest(string? Reason = null);

/// <param name="FreedBytes">What it took.</param>
public sealed record DroppedCopy(string Id, string Tenant, long FreedBytes);
