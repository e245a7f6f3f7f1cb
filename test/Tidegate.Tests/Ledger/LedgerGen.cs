using System.Text;
using System.Text.Json;
using CsCheck;
using Tidegate.Contracts;
using Tidegate.Contracts.Ledger;
using Tidegate.ControlPlane.Ledger;

namespace Tidegate.Tests.Ledger;

/// <summary>Ledgers as they are exported, and what people do to them.</summary>
internal static class LedgerGen
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 26, 8, 0, 0, TimeSpan.Zero);

    public static readonly Gen<LedgerEntry[]> Entries = Gen.Select(
            Gen.OneOf(Gen.Const("os/0"), Gen.Const("per \"anna\"\n"), Gen.String),
            Gen.OneOf(Gen.Const((string?)null), Gen.Const((string?)"shop-oslo")),
            Gen.OneOf(Gen.Const((long?)null), Gen.Long[0, 9].Select(epoch => (long?)epoch)),
            Gen.Int[0, 100_000]
        )
        .Array[2, 40]
        .Select(rows =>
            rows.Select(
                    (row, index) =>
                        new LedgerEntry(
                            3 + (2 * index),
                            Begin.AddTicks(10 * row.Item4),
                            "decision",
                            row.Item1,
                            null,
                            null,
                            row.Item2,
                            "swap",
                            row.Item3,
                            "sha256:1a2b",
                            null
                        )
                )
                .ToArray()
        );

    /// <summary>Entries as lines, with a checkpoint after every seventh and at the end.</summary>
    public static (List<string> Lines, List<LedgerCheckpoint> Kept) Export(
        IReadOnlyList<LedgerEntry> entries,
        LedgerKey key
    )
    {
        var (lines, kept, tree, previous) = (
            new List<string>(),
            new List<LedgerCheckpoint>(),
            new MerkleFrontier(),
            LedgerEntry.NoPrevious
        );
        foreach (var entry in entries)
        {
            var line = entry.Canonical(tree.Size, previous);
            var hash = MerkleTree.Leaf(line);
            tree.Append(hash);
            previous = Convert.ToHexStringLower(hash);
            lines.Add(Encoding.UTF8.GetString(line));
            if (tree.Size % 7 == 0 || tree.Size == entries.Count)
            {
                var checkpoint = key.Sign(tree.Size, tree.Root(), Begin.AddHours(1));
                kept.Add(checkpoint);
                var view = new LedgerCheckpointView(
                    checkpoint.Size,
                    checkpoint.Root,
                    checkpoint.At,
                    checkpoint.Key,
                    checkpoint.Signature
                );
                lines.Add(JsonSerializer.Serialize(new { checkpoint = view }, ApiJson.Options));
            }
        }

        return (lines, kept);
    }

    public static async Task<LedgerVerifier> CheckAsync(
        IEnumerable<string> lines,
        LedgerKey key,
        IEnumerable<LedgerCheckpoint> kept
    )
    {
        var verifier = new LedgerVerifier([key], kept);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        await LedgerReading.CheckAsync(stream, verifier, TestContext.Current.CancellationToken);
        return verifier;
    }
}
