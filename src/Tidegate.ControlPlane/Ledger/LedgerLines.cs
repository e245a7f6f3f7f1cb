using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tidegate.Contracts;
using Tidegate.Contracts.Ledger;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>
/// Some lines of an export, with all that can be told of each without those before it. That is most of the work, and is
/// done of several parts at once; what is left goes in order.
/// </summary>
internal sealed class LedgerLines
{
    private static readonly byte[] CheckpointBegin = System.Text.Encoding.UTF8.GetBytes(LedgerExport.CheckpointBegin);
    private static readonly byte[] GoneBegin = System.Text.Encoding.UTF8.GetBytes(LedgerExport.GoneBegin);
    private static readonly byte[] RetainedBegin = System.Text.Encoding.UTF8.GetBytes(LedgerExport.RetainedBegin);
    private static readonly LedgerCheckpoint None = new(-1, "", DateTimeOffset.UnixEpoch, "", "");

    private readonly byte[] _text;
    private readonly List<Line> _lines = [];
    private byte[] _hashes = new byte[MerkleTree.HashSize * 2048];

    private LedgerLines(byte[] text) => _text = text;

    /// <param name="text">Whole lines; the last may be without its end. Nobody may change it until they are checked.</param>
    public static LedgerLines Read(byte[] text, int length)
    {
        var lines = new LedgerLines(text);
        for (var at = 0; at < length; )
        {
            var rest = text.AsSpan(at, length - at);
            var end = rest.IndexOf((byte)'\n') is >= 0 and var found ? found : rest.Length;
            if (end > 0)
            {
                lines.Add(at, rest[..end]);
            }

            at += end + 1;
        }

        return lines;
    }

    /// <summary>Has what follows from the lines before checked, in order.</summary>
    /// <returns>What the lines were read from.</returns>
    public byte[] Check(LedgerVerifier verifier)
    {
        for (var index = 0; index < _lines.Count; index++)
        {
            var line = _lines[index];
            if (line.Checkpoint is { } checkpoint)
            {
                verifier.Checkpoint(checkpoint);
            }
            else if (line.Drop is { } drop)
            {
                verifier.Retained(drop);
            }
            else if (line.IsGone)
            {
                verifier.Gone(line.Place, Hash(index));
            }
            else
            {
                verifier.Entry(line.Place, _text.AsSpan(line.Previous, line.PreviousLength), Hash(index));
            }
        }

        return _text;
    }

    private void Add(int at, ReadOnlySpan<byte> text)
    {
        if (text.StartsWith(CheckpointBegin))
        {
            var read = Json<CheckpointLine>(text) is { Checkpoint: { } view } ? LedgerReading.From(view) : None;
            Add(default(Line) with { Checkpoint = read });
        }
        else if (text.StartsWith(RetainedBegin))
        {
            if (Json<RetainedLine>(text) is { Retained: { } drop })
            {
                Add(default(Line) with { Drop = drop });
            }
        }
        else if (text.StartsWith(GoneBegin))
        {
            Gone(Json<GoneLine>(text));
        }
        else
        {
            var hash = Add(Entry(at, text));
            MerkleTree.Leaf(text, hash);
        }
    }

    /// <summary>One or more that are gone in a row; what is no hash becomes one that matches nothing.</summary>
    private void Gone(GoneLine? gone)
    {
        var left = (gone?.Hash ?? "").AsSpan();
        var place = gone?.Gone;
        do
        {
            var digits = Math.Min(left.Length, 2 * MerkleTree.HashSize);
            Parse(left[..digits], Add(default(Line) with { IsGone = true, Place = place++ }));
            left = left[digits..];
        } while (left.Length > 0);
    }

    /// <returns>Where its hash goes.</returns>
    private Span<byte> Add(Line line)
    {
        _lines.Add(line);
        if (_hashes.Length < _lines.Count * MerkleTree.HashSize)
        {
            Array.Resize(ref _hashes, 2 * _hashes.Length);
        }

        return Hash(_lines.Count - 1);
    }

    private Span<byte> Hash(int line) => _hashes.AsSpan(line * MerkleTree.HashSize, MerkleTree.HashSize);

    private static Line Entry(int at, ReadOnlySpan<byte> text)
    {
        var line = default(Line);
        var reader = new Utf8JsonReader(text);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is not JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                {
                    continue;
                }

                if (reader.ValueTextEquals("place"u8) && reader.Read())
                {
                    var isPlace = reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out _);
                    line = line with { Place = isPlace ? reader.GetInt64() : null };
                }
                else if (reader.ValueTextEquals("previous"u8) && reader.Read())
                {
                    line =
                        reader.TokenType is JsonTokenType.String
                            ? line with
                            {
                                Previous = at + (int)reader.TokenStartIndex + 1,
                                PreviousLength = reader.ValueSpan.Length,
                            }
                            : line with
                            {
                                PreviousLength = 0,
                            };
                }
            }
        }
        catch (JsonException)
        {
            return default; // no entry: whatever stood here was changed
        }

        return line;
    }

    private static T? Json<T>(ReadOnlySpan<byte> text)
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

    private static void Parse(ReadOnlySpan<char> text, Span<byte> hash)
    {
        if (
            text.Length != 2 * MerkleTree.HashSize
            || Convert.FromHexString(text, hash, out _, out _) is not OperationStatus.Done
        )
        {
            hash.Clear();
        }
    }

    /// <param name="Place">Null where the line is no entry.</param>
    /// <param name="Previous">Where the hash before it is told.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Line(
        long? Place,
        int Previous,
        int PreviousLength,
        bool IsGone,
        LedgerCheckpoint? Checkpoint,
        LedgerDrop? Drop
    );

    private sealed record CheckpointLine(LedgerCheckpointView? Checkpoint);

    private sealed record GoneLine(long Gone, string Hash);

    private sealed record RetainedLine(LedgerDrop? Retained);
}
