using System.Collections.Immutable;
using System.Text.Json;
using Tidegate.Contracts;
using Tidegate.Contracts.Ledger;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>The sealed ledger as lines of JSON: each entry as it is hashed, and behind the entry that it ends with each checkpoint.</summary>
public sealed class LedgerExport(LedgerStore store)
{
    /// <summary>How a line of a checkpoint begins. No entry begins so.</summary>
    public const string CheckpointBegin = "{\"checkpoint\":";

    /// <summary>How the line of an entry begins that is gone.</summary>
    public const string GoneBegin = "{\"gone\":";

    private const long FlushAfter = 64 * 1024;

    /// <summary>Writes everything, without holding more than a line of it.</summary>
    public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        var checkpoints = new Queue<LedgerCheckpoint>(await store.CheckpointsAsync(cancellationToken));
        var previous = LedgerEntry.NoPrevious;
        using var buffer = new MemoryStream();
        await foreach (var (place, entry, hash) in store.SealedAsync(cancellationToken))
        {
            buffer.Write(
                entry?.Canonical(place, previous)
                    ?? JsonSerializer.SerializeToUtf8Bytes(
                        new { gone = place, hash = Convert.ToHexStringLower(hash) },
                        ApiJson.Options
                    )
            );
            buffer.WriteByte((byte)'\n');
            previous = Convert.ToHexStringLower(hash);
            while (checkpoints.TryPeek(out var next) && next.Size == place + 1)
            {
                Write(buffer, checkpoints.Dequeue());
            }

            if (buffer.Length > FlushAfter)
            {
                await FlushAsync(buffer, output, cancellationToken);
            }
        }

        while (checkpoints.TryDequeue(out var left))
        {
            Write(buffer, left);
        }

        await FlushAsync(buffer, output, cancellationToken);
    }

    /// <summary>That an entry is in the newest checkpoint that has it; null where there is none.</summary>
    public async Task<LedgerProof?> ProveAsync(long place, CancellationToken cancellationToken)
    {
        var last = await store.LastCheckpointAsync(cancellationToken);
        if (last is not { Checkpoint: var checkpoint } || place < 0 || place >= checkpoint.Size)
        {
            return null;
        }

        var leaves = new List<byte[]>((int)checkpoint.Size);
        await foreach (var hash in store.HashesAsync(0, cancellationToken))
        {
            leaves.Add(hash);
            if (leaves.Count == checkpoint.Size)
            {
                break;
            }
        }

        var entry = await store.AtAsync(place, cancellationToken);
        var previous = place == 0 ? LedgerEntry.NoPrevious : Convert.ToHexStringLower(leaves[(int)place - 1]);
        return entry is null
            ? null
            : new(
                place,
                System.Text.Encoding.UTF8.GetString(entry.Canonical(place, previous)),
                MerkleTree.Inclusion([.. leaves], (int)place).Select(Convert.ToHexStringLower).ToImmutableArray(),
                LedgerEndpoints.View(checkpoint)
            );
    }

    private static void Write(MemoryStream buffer, LedgerCheckpoint checkpoint)
    {
        JsonSerializer.Serialize(buffer, new { checkpoint = LedgerEndpoints.View(checkpoint) }, ApiJson.Options);
        buffer.WriteByte((byte)'\n');
    }

    private static async Task FlushAsync(MemoryStream buffer, Stream output, CancellationToken cancellationToken)
    {
        await output.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancellationToken);
        buffer.SetLength(0);
    }
}
