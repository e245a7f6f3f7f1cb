using System.Text.Json;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>
/// Checks a ledger line by line, as <c>ledger export</c> gives it, with nothing but the public key and the checkpoints that
/// were kept elsewhere. What is wrong is told with the first place where it shows.
/// </summary>
/// <param name="keys">Public ones; none where only the chain can be checked.</param>
/// <param name="kept">Checkpoints from outside the database.</param>
public sealed class LedgerVerifier(IReadOnlyCollection<LedgerKey> keys, IEnumerable<LedgerCheckpoint> kept)
{
    private const int MostFindings = 20;

    private readonly SortedDictionary<long, List<LedgerCheckpoint>> _kept = Sorted(kept);
    private readonly MerkleFrontier _tree = new();
    private readonly List<LedgerFinding> _findings = [];
    private string _previous = LedgerEntry.NoPrevious;
    private long _signedTo;

    /// <summary>How many entries there were.</summary>
    public long Size => _tree.Size;

    /// <summary>Up to where a checkpoint's signature vouches for them.</summary>
    public long SignedTo => _signedTo;

    public string Root => Convert.ToHexStringLower(_tree.Root());

    /// <summary>What is wrong; the first twenty.</summary>
    public IReadOnlyList<LedgerFinding> Findings => _findings;

    /// <summary>The next entry, exactly as it was exported.</summary>
    public void Entry(ReadOnlySpan<byte> line)
    {
        var (place, previous) = Read(line);
        if (place != Size)
        {
            Found(
                LedgerFinding.Missing,
                FormattableString.Invariant($"entry {Size} is missing: at its place stands {place}")
            );
        }

        if (previous != _previous)
        {
            Found(
                LedgerFinding.Broken,
                $"entry {Size} does not follow what stands before it: that was changed, left out or put in"
            );
        }

        var hash = MerkleTree.Leaf(line);
        _tree.Append(hash);
        _previous = Convert.ToHexStringLower(hash);
        if (_kept.TryGetValue(Size, out var checkpoints))
        {
            foreach (var checkpoint in checkpoints)
            {
                Compare(checkpoint, "kept outside the database");
            }
        }
    }

    /// <summary>A place whose entry is gone.</summary>
    public void Gone(byte[] stored)
    {
        Found(LedgerFinding.Missing, $"entry {Size} was sealed and is gone");
        _tree.Append(stored);
        _previous = Convert.ToHexStringLower(stored);
    }

    /// <summary>A checkpoint of the ledger itself, after the entry that it ends with.</summary>
    public void Checkpoint(LedgerCheckpoint checkpoint)
    {
        if (checkpoint.Size == Size)
        {
            Compare(checkpoint, "of the ledger itself");
        }
        else
        {
            Found(
                LedgerFinding.Missing,
                $"the ledger's own checkpoint of {checkpoint.Size} entries stands behind {Size}"
            );
        }
    }

    /// <summary>There are no more entries.</summary>
    public void End()
    {
        if (_kept.Count > 0 && _kept.Keys.Last() is var largest && largest > Size)
        {
            Found(
                LedgerFinding.Truncated,
                $"a checkpoint kept outside knows {largest} entries and there are {Size}: the tail was cut off, or an older ledger was restored"
            );
        }
    }

    private void Compare(LedgerCheckpoint checkpoint, string which)
    {
        if (keys.Count > 0 && !keys.Any(key => key.Signed(checkpoint)))
        {
            Found(
                LedgerFinding.Forged,
                $"the checkpoint of {checkpoint.Size} entries {which} is signed by none of the keys {string.Join(", ", keys.Select(key => key.Id))}"
            );
            return;
        }

        if (checkpoint.Root != Root)
        {
            Found(
                LedgerFinding.Rewritten,
                $"the checkpoint of {checkpoint.Size} entries {which} is of another history: something up to there was changed after {checkpoint.At.UtcDateTime:u}"
            );
            return;
        }

        _signedTo = keys.Count == 0 ? _signedTo : Math.Max(_signedTo, checkpoint.Size);
    }

    private void Found(string code, string what)
    {
        if (_findings.Count < MostFindings)
        {
            _findings.Add(new(code, what));
        }
    }

    private static (long? Place, string? Previous) Read(ReadOnlySpan<byte> line)
    {
        (long? place, string? previous) = (null, null);
        var reader = new Utf8JsonReader(line);
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
                    place = reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out var read) ? read : null;
                }
                else if (reader.ValueTextEquals("previous"u8) && reader.Read())
                {
                    previous = reader.TokenType is JsonTokenType.String ? reader.GetString() : null;
                }
            }
        }
        catch (JsonException)
        {
            return (null, null); // no entry: whatever stood here was changed
        }

        return (place, previous);
    }

    private static SortedDictionary<long, List<LedgerCheckpoint>> Sorted(IEnumerable<LedgerCheckpoint> kept)
    {
        var sorted = new SortedDictionary<long, List<LedgerCheckpoint>>();
        foreach (var checkpoint in kept)
        {
            if (!sorted.TryGetValue(checkpoint.Size, out var of))
            {
                sorted.Add(checkpoint.Size, of = []);
            }

            of.Add(checkpoint);
        }

        return sorted;
    }
}

/// <summary>One thing that is wrong with a ledger.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="What">One sentence without its end.</param>
public sealed record LedgerFinding(string Code, string What)
{
    public const string Missing = "entry-missing";
    public const string Broken = "chain-broken";
    public const string Forged = "signature-wrong";
    public const string Rewritten = "history-rewritten";
    public const string Truncated = "tail-missing";
}
