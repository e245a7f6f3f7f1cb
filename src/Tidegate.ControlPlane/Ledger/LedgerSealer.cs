using System.Buffers;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>
/// Numbers and chains what was written, at most half a second behind, and signs what the whole is. Of several servers one
/// at a time does; the tree is made anew from the seals by whoever finds that another went on.
/// </summary>
public sealed class LedgerSealer(
    LedgerStore store,
    LedgerFloor floor,
    ILedgerKeys keys,
    TimeProvider clock,
    ILogger<LedgerSealer> logger
)
    : TurnLoop(
        "the ledger's seals",
        new(Idle: TimeSpan.FromMilliseconds(250), AfterFailure: TimeSpan.FromSeconds(1)),
        clock,
        logger
    )
{
    private const int Batch = 5_000;

    /// <summary>How long what is sealed may wait to be signed.</summary>
    public static readonly TimeSpan BetweenCheckpoints = TimeSpan.FromSeconds(10);

    private MerkleFrontier? _tree;
    private LedgerCheckpoint? _last;

    // Behind a full batch the next begins where that ended; what comes late below waits until the last one.
    private long? _next;

    /// <inheritdoc />
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        var now = Clock.GetUtcNow();
        var isFirst = _tree is null; // what the last server left unsigned is signed
        var from = _next; // the last turn left some
        _next = null;
        if (from is null)
        {
            var look = await floor.LookAsync(stoppingToken);
            if (look.Unsealed == 0 && !isFirst && !IsDueForSigning(_tree, now))
            {
                return false;
            }

            // What comes late below waits for the next turn.
            from = look.Lowest - 1 ?? look.Highest;
        }

        MerkleFrontier? grown = null;
        LedgerCheckpoint? signed = null;
        var batch = await store.SealAsync(
            from.Value,
            Batch,
            async (end, waiting, token) =>
            {
                grown = await TreeAsync(end.Size, token);
                var hashes = Chain(end, waiting, grown);
                signed = Sign(grown, now);
                return new(hashes, signed, signed is null ? [] : grown.Peaks);
            },
            stoppingToken
        );
        if (batch is null)
        {
            return false;
        }

        _tree = grown;
        _next = batch.IsFull ? batch.Last : null;
        _last = signed ?? _last;
        return batch.IsFull;
    }

    private static List<byte[]> Chain(SealedEnd end, IReadOnlyList<LedgerEntry> waiting, MerkleFrontier tree)
    {
        var (previous, hashes) = (end.Hash, new List<byte[]>(waiting.Count));
        var line = new ArrayBufferWriter<byte>();
        foreach (var entry in waiting)
        {
            line.ResetWrittenCount();
            entry.Write(line, tree.Size, previous);
            var hash = MerkleTree.Leaf(line.WrittenSpan);
            tree.Append(hash);
            hashes.Add(hash);
            previous = Convert.ToHexStringLower(hash);
        }

        return hashes;
    }

    private LedgerCheckpoint? Sign(MerkleFrontier tree, DateTimeOffset now) =>
        IsDueForSigning(tree, now) ? keys.Signing.Sign(tree.Size, tree.Root(), now) : null;

    private bool IsDueForSigning(MerkleFrontier? tree, DateTimeOffset now) =>
        tree?.Size > (_last?.Size ?? 0) && (_last is null || now - _last.At >= BetweenCheckpoints);

    /// <summary>A copy that may grow: the transaction may still fail.</summary>
    private async Task<MerkleFrontier> TreeAsync(long size, CancellationToken cancellationToken)
    {
        if (_tree?.Size == size && _last is not null)
        {
            return _tree.Copy();
        }

        var last = await store.LastCheckpointAsync(cancellationToken);
        _last = last?.Checkpoint;
        var tree = last is { } known ? new MerkleFrontier(known.Checkpoint.Size, known.Peaks) : new();
        await foreach (var hash in store.HashesAsync(tree.Size, cancellationToken))
        {
            tree.Append(hash);
        }

        return tree;
    }
}

/// <summary>The keys of this control plane's ledger.</summary>
public interface ILedgerKeys
{
    LedgerKey Signing { get; }
}
