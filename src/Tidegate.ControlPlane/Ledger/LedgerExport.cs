using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tidegate.Contracts;
using Tidegate.Contracts.Ledger;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>The sealed ledger as lines of JSON: each entry as it is hashed, and behind the entry that it ends with each checkpoint.</summary>
public sealed class LedgerExport(LedgerStore store)
{
    /// <summary>How a line of a checkpoint begins. No entry begins so.</summary>
    public const string CheckpointBegin = "{\"checkpoint\":";

    /// <summary>How the line begins that says from where on entries are kept. It is the first.</summary>
    public const string RetainedBegin = "{\"retained\":";

    /// <summary>How the line of entries begins that are gone: the first one's place, and the hash of each.</summary>
    public const string GoneBegin = "{\"gone\":";

    // Read while those before it are written: each needs a connection of the few that a server has.
    private const int Ahead = 2;
    private const int Page = 4_000;
    private const int Room = 1 << 21;

    /// <summary>Writes everything, without holding more than three pages of it.</summary>
    public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        var checkpoints = await store.CheckpointsAsync(cancellationToken);
        await WriteAsync(output, await store.SizeAsync(cancellationToken), checkpoints, cancellationToken);
    }

    /// <summary>The same of so many entries only, to a checkpoint.</summary>
    public async Task WriteAsync(Stream output, long size, CancellationToken cancellationToken)
    {
        var checkpoints = await store.CheckpointsAsync(cancellationToken);
        await WriteAsync(
            output,
            size,
            [.. checkpoints.TakeWhile(checkpoint => checkpoint.Size <= size)],
            cancellationToken
        );
    }

    private async Task WriteAsync(
        Stream output,
        long size,
        IReadOnlyList<LedgerCheckpoint> checkpoints,
        CancellationToken cancellationToken
    )
    {
        if (await store.LastDropAsync(cancellationToken) is { } drop)
        {
            byte[] line =
            [
                .. JsonSerializer.SerializeToUtf8Bytes(new { retained = drop }, ApiJson.Options),
                (byte)'\n',
            ];
            await output.WriteAsync(line, cancellationToken);
        }

        var end = Math.Max(1, size); // where nothing is sealed, checkpoints may be left
        var (from, told) = (0L, 0);
        var ahead = new Queue<Task<ArrayBufferWriter<byte>>>();
        var free = new Stack<ArrayBufferWriter<byte>>();
        while (from < end || ahead.Count > 0)
        {
            for (; from < end && ahead.Count <= Ahead; from += Page)
            {
                var (first, behind) = (from, Math.Min(from + Page, end));
                var its = checkpoints
                    .Skip(told)
                    .TakeWhile(checkpoint => checkpoint.Size <= behind || behind == end)
                    .ToList();
                told += its.Count;
                var lines = free.TryPop(out var used) ? used : new(Room);
                ahead.Enqueue(
                    Task.Run(() => PageAsync(first, behind, its, lines, cancellationToken), cancellationToken)
                );
            }

            var page = await ahead.Dequeue();
            await output.WriteAsync(page.WrittenMemory, cancellationToken);
            page.ResetWrittenCount();
            free.Push(page);
        }
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
                Encoding.UTF8.GetString(entry.Canonical(place, previous)),
                MerkleTree.Inclusion([.. leaves], (int)place).Select(Convert.ToHexStringLower).ToImmutableArray(),
                LedgerEndpoints.View(checkpoint)
            );
    }

    private async Task<ArrayBufferWriter<byte>> PageAsync(
        long from,
        long to,
        List<LedgerCheckpoint> checkpoints,
        ArrayBufferWriter<byte> lines,
        CancellationToken cancellationToken
    )
    {
        using var rows = await store.RowsAsync(from, to, cancellationToken);
        var previous = Encoding.UTF8.GetBytes(LedgerEntry.NoPrevious);
        var (told, behindGone) = (0, -1L);
        while (rows.Read())
        {
            var own = Encoding.UTF8.GetBytes(Convert.ToHexStringLower(rows.Hash));
            if (rows.Place >= from)
            {
                behindGone = Write(rows, previous, own, lines, behindGone);
            }

            previous = own;
            while (told < checkpoints.Count && checkpoints[told].Size <= rows.Place + 1)
            {
                behindGone = EndGone(lines, behindGone);
                Write(checkpoints[told++], lines);
            }
        }

        EndGone(lines, behindGone);
        foreach (var left in checkpoints.Skip(told))
        {
            Write(left, lines); // of more entries than there are
        }

        return lines;
    }

    /// <param name="behindGone">The place behind those on a line of entries that are gone, which has no end yet; -1 where there is no such line.</param>
    /// <returns>The same, afterwards.</returns>
    private static long Write(
        SealedRows row,
        byte[] previous,
        byte[] own,
        ArrayBufferWriter<byte> lines,
        long behindGone
    )
    {
        if (row.IsThere)
        {
            EndGone(lines, behindGone);
            row.Write(lines, previous);
            lines.Write("\n"u8);
            return -1;
        }

        if (row.Place != behindGone)
        {
            EndGone(lines, behindGone);
            lines.Write(
                Encoding.UTF8.GetBytes(
                    string.Create(CultureInfo.InvariantCulture, $"{GoneBegin}{row.Place},\"hash\":\"")
                )
            );
        }

        lines.Write(own);
        return row.Place + 1;
    }

    private static long EndGone(ArrayBufferWriter<byte> lines, long behindGone)
    {
        if (behindGone >= 0)
        {
            lines.Write("\"}\n"u8);
        }

        return -1;
    }

    private static void Write(LedgerCheckpoint checkpoint, ArrayBufferWriter<byte> lines)
    {
        lines.Write(
            JsonSerializer.SerializeToUtf8Bytes(new { checkpoint = LedgerEndpoints.View(checkpoint) }, ApiJson.Options)
        );
        lines.Write("\n"u8);
    }
}
