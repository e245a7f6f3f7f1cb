using System.Buffers;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>One entry of the ledger, as it was written together with what it tells of.</summary>
/// <param name="Id">Given by the database; grows, but has gaps.</param>
/// <param name="At">To the microsecond, as PostgreSQL keeps it.</param>
/// <param name="Kind"><c>intent</c>, <c>outcome</c>, <c>decision</c> or <c>command</c>.</param>
public sealed record LedgerEntry(
    long Id,
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
)
{
    /// <summary>The link of the first entry.</summary>
    public static string NoPrevious { get; } = new('0', 2 * MerkleTree.HashSize);

    /// <summary>
    /// What is hashed, in canonical JSON (RFC 8785): names in order, no space, what is null left out. The same entry at the
    /// same place is the same bytes for ever.
    /// </summary>
    /// <param name="place">How many entries are before it.</param>
    /// <param name="previous">The hash of the one before it, in lower-case hexadecimal; <see cref="NoPrevious"/> for the first.</param>
    public void Write(IBufferWriter<byte> to, long place, string previous)
    {
        var line = new CanonicalLine(to);
        line.Add("actor"u8, Actor);
        line.Add("at"u8, At);
        line.Add("digest"u8, Digest);
        line.Add("epoch"u8, Epoch);
        line.Add("id"u8, Id);
        line.Add("kind"u8, Kind);
        line.Add("place"u8, place);
        line.Add("previous"u8, previous);
        line.Add("reason"u8, Reason);
        line.Add("rollout"u8, Rollout);
        line.Add("step"u8, Step);
        line.Add("tenant"u8, Tenant);
        line.Add("upgrade"u8, Upgrade);
        line.End();
    }

    /// <summary>What <see cref="Write"/> writes.</summary>
    public byte[] Canonical(long place, string previous)
    {
        var written = new ArrayBufferWriter<byte>(512);
        Write(written, place, previous);
        return written.WrittenSpan.ToArray();
    }
}
