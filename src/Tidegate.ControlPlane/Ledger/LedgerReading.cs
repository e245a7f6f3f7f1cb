using System.Buffers;
using System.Text.Json;
using Tidegate.Contracts;
using Tidegate.Contracts.Ledger;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>Gives an export to a <see cref="LedgerVerifier"/>, in order, while the parts that follow are read and hashed.</summary>
public static class LedgerReading
{
    private const int LongestLine = 1024 * 1024;

    // So many megabytes are held at most, and one.
    private static readonly int AtOnce = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <exception cref="FormatException">A line is longer than any entry can be.</exception>
    public static async Task CheckAsync(Stream lines, LedgerVerifier verifier, CancellationToken cancellationToken)
    {
        var ahead = new Queue<Task<LedgerLines>>();
        var (part, held, isEnd) = (ArrayPool<byte>.Shared.Rent(LongestLine), 0, false);
        while (!isEnd)
        {
            held += await lines.ReadAtLeastAsync(
                part.AsMemory(held),
                part.Length - held,
                throwOnEndOfStream: false,
                cancellationToken
            );
            isEnd = held < part.Length;
            var whole = isEnd ? held : part.AsSpan(0, held).LastIndexOf((byte)'\n') + 1;
            if (whole == 0 && !isEnd)
            {
                await CheckAsync(ahead, verifier, butSoMany: 0);
                throw new FormatException($"the line after entry {verifier.Size} is longer than any entry");
            }

            var (text, next) = (part, ArrayPool<byte>.Shared.Rent(LongestLine));
            text.AsSpan(whole, held - whole).CopyTo(next);
            (part, held) = (next, held - whole);
            ahead.Enqueue(Task.Run(() => LedgerLines.Read(text, whole), cancellationToken));
            await CheckAsync(ahead, verifier, butSoMany: AtOnce - 1);
        }

        await CheckAsync(ahead, verifier, butSoMany: 0);
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

    private static async Task CheckAsync(Queue<Task<LedgerLines>> ahead, LedgerVerifier verifier, int butSoMany)
    {
        while (ahead.Count > butSoMany)
        {
            var lines = await ahead.Dequeue();
            ArrayPool<byte>.Shared.Return(lines.Check(verifier));
        }
    }
}
