using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Tidegate.Contracts;
using Tidegate.Contracts.Ledger;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>Gives an export to a <see cref="LedgerVerifier"/>, line by line, without holding more than one.</summary>
public static class LedgerReading
{
    private const int LongestLine = 1024 * 1024;

    private static readonly byte[] Checkpoint = System.Text.Encoding.UTF8.GetBytes(LedgerExport.CheckpointBegin);
    private static readonly byte[] Gone = System.Text.Encoding.UTF8.GetBytes(LedgerExport.GoneBegin);

    private static readonly LedgerCheckpoint None = new(-1, "", DateTimeOffset.UnixEpoch, "", "");

    /// <exception cref="FormatException">A line is longer than any entry can be.</exception>
    public static async Task CheckAsync(Stream lines, LedgerVerifier verifier, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(lines, new StreamPipeReaderOptions(bufferSize: 256 * 1024));
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                Line(buffer.Slice(0, end), verifier);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (buffer.Length > LongestLine)
            {
                throw new FormatException($"the line after entry {verifier.Size} is longer than any entry");
            }

            if (read.IsCompleted)
            {
                Line(buffer, verifier);
                break;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }

        await reader.CompleteAsync();
        verifier.End();
    }

    /// <summary>Checkpoints that were kept in a file, a line each; a half one that a crash left is none.</summary>
    public static IReadOnlyList<LedgerCheckpoint> Checkpoints(IEnumerable<string> lines)
    {
        var kept = new List<LedgerCheckpoint>();
        foreach (var line in lines)
        {
            try
            {
                if (JsonSerializer.Deserialize<LedgerCheckpointView>(line, ApiJson.Options) is { } view)
                {
                    kept.Add(From(view));
                }
            }
            catch (JsonException)
            {
                // half a line
            }
        }

        return kept;
    }

    public static LedgerCheckpoint From(LedgerCheckpointView view) =>
        new(view.Size, view.Root, view.At, view.Key, view.Signature);

    private static void Line(ReadOnlySequence<byte> line, LedgerVerifier verifier)
    {
        if (line.IsEmpty)
        {
            return;
        }

        var text = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        if (text.StartsWith(Checkpoint))
        {
            verifier.Checkpoint(Read<CheckpointLine>(text) is { Checkpoint: var view } ? From(view) : None);
        }
        else if (text.StartsWith(Gone))
        {
            verifier.Gone(Hash(Read<GoneLine>(text)?.Hash));
        }
        else
        {
            verifier.Entry(text);
        }
    }

    private static T? Read<T>(ReadOnlySpan<byte> text)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, ApiJson.Options);
        }
        catch (JsonException)
        {
            return null; // whatever it is, it matches nothing
        }
    }

    private static byte[] Hash(string? text)
    {
        var hash = new byte[MerkleTree.HashSize];
        return
            text?.Length == 2 * MerkleTree.HashSize
            && Convert.FromHexString(text, hash, out _, out _) is OperationStatus.Done
            ? hash
            : new byte[MerkleTree.HashSize];
    }

    private sealed record CheckpointLine(LedgerCheckpointView Checkpoint);

    private sealed record GoneLine(long Gone, string Hash);
}
