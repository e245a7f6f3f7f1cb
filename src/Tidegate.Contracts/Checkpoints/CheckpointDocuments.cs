namespace Tidegate.Contracts.Checkpoints;

/// <summary>What a tenant could return to: the database and the files that it had before an upgrade.</summary>
/// <param name="Id">The upgrade that left it.</param>
/// <param name="Database">Its database's name; closed to everybody.</param>
/// <param name="Bytes">Disk that its database takes. Its files are links to the tenant's own and take none until the tenant's change.</param>
/// <param name="KeptSince">The instant of the swap: what was written later is not in it.</param>
/// <param name="AgeSeconds">Since <paramref name="KeptSince"/>.</param>
/// <param name="Release">The release that it belongs to; null when this control plane does not know the upgrade.</param>
/// <param name="Rollout">The rollout that left it; null when this control plane does not know the upgrade.</param>
/// <param name="IsInUse">The upgrade that left it has not ended: it may still be needed for the way back.</param>
/// <param name="Site">The site that keeps it.</param>
public sealed record CheckpointView(
    string Id,
    string Tenant,
    string Database,
    long Bytes,
    DateTimeOffset KeptSince,
    double AgeSeconds,
    string? Release,
    string? Rollout,
    bool IsInUse,
    string Site
);

/// <summary>The checkpoints of all sites, the oldest first.</summary>
/// <param name="Silent">Sites that did not say what they keep: there may be more.</param>
public sealed record CheckpointList(IReadOnlyList<CheckpointView> Checkpoints, IReadOnlyList<SilentSite> Silent);

/// <summary>A site whose server did not answer.</summary>
/// <param name="Reason">One sentence.</param>
public sealed record SilentSite(string Site, string Reason);

/// <summary>Drops a checkpoint for good. Repeating it changes nothing.</summary>
/// <param name="Reason">Why; kept in the ledger.</param>
public sealed record DropCheckpoint(string? Reason = null);

/// <summary>A checkpoint that is gone.</summary>
/// <param name="FreedBytes">What its database took; 0 when it was gone already.</param>
public sealed record DroppedCheckpoint(string Id, string Tenant, long FreedBytes);
