namespace Tidegate.Contracts.Ledger;

/// <summary>One entry of the ledger.</summary>
/// <param name="Id">Grows, but has gaps: the next page is asked for before the last one's.</param>
/// <param name="Place">How many sealed entries are before it; null as long as it is not sealed.</param>
/// <param name="Kind"><c>intent</c>, <c>outcome</c>, <c>decision</c> or <c>command</c>.</param>
public sealed record LedgerEntryView(
    long Id,
    long? Place,
    DateTimeOffset At,
    string Kind,
    string Actor,
    string? Rollout,
    string? Upgrade,
    string? Tenant,
    string? Step,
    long? Epoch,
    string? Digest,
    string? Reason
);

/// <summary>How the ledger stands.</summary>
/// <param name="Sealed">Entries that are numbered and chained.</param>
/// <param name="Unsealed">Entries that are not yet.</param>
/// <param name="WaitsSeconds">How long the oldest of these waits; null without any.</param>
/// <param name="Checkpoint">The newest; null before the first.</param>
/// <param name="Witnesses">Where checkpoints are kept outside the database.</param>
/// <param name="PublicKey">Of this server, in PEM.</param>
public sealed record LedgerStatus(
    long Sealed,
    long Unsealed,
    double? WaitsSeconds,
    LedgerCheckpointView? Checkpoint,
    IReadOnlyList<LedgerWitnessView> Witnesses,
    string PublicKey
);

/// <summary>Where checkpoints are kept outside the database.</summary>
/// <param name="Where">A path, a place.</param>
/// <param name="Kept">Entries in the newest that it has; null when it has got none since the server started.</param>
/// <param name="BehindSince">Since when it has lacked one; null when it has all.</param>
/// <param name="Why">What was in the way the last time.</param>
public sealed record LedgerWitnessView(string Where, long? Kept, DateTimeOffset? BehindSince, string? Why);

/// <summary>What the whole ledger was, signed.</summary>
/// <param name="Root">Of the Merkle tree over its entries (RFC 9162), in hexadecimal.</param>
/// <param name="Key">The first digits of the SHA-256 of the public key.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256, IEEE P1363, in base64.</param>
public sealed record LedgerCheckpointView(long Size, string Root, DateTimeOffset At, string Key, string Signature);

/// <summary>That one entry is in the ledger that a checkpoint is of.</summary>
/// <param name="Entry">Exactly what is hashed.</param>
/// <param name="Proof">The hashes beside its way up the tree, in hexadecimal (RFC 9162 §2.1.3).</param>
public sealed record LedgerProof(
    long Place,
    string Entry,
    IReadOnlyList<string> Proof,
    LedgerCheckpointView Checkpoint
);
