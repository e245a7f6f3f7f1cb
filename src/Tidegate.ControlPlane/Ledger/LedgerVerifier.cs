using System.Text;

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

    private readonly LedgerCheckpoint[] _kept = [.. kept.OrderBy(checkpoint => checkpoint.Size)];
    private readonly MerkleFrontier _tree = new();
    private readonly List<LedgerFinding> _findings = [];
    private readonly byte[] _previous = Encoding.UTF8.GetBytes(LedgerEntry.NoPrevious);
    private readonly List<(long First, long Behind)> _gone = [];
    private LedgerDrop? _drop;
    private string? _rootAtDrop;
    private int _compared;
    private long _signedTo;

    /// <summary>How many entries there were.</summary>
    public long Size => _tree.Size;

    /// <summary>Up to where a checkpoint's signature vouches for them.</summary>
    public long SignedTo => _signedTo;

    public string Root => Convert.ToHexStringLower(_tree.Root());

    /// <summary>What the last retention run announced, where the contents before are gone by it and nothing else; null where all are there.</summary>
    public LedgerDrop? Dropped { get; private set; }

    /// <summary>What is wrong; the first twenty.</summary>
    public IReadOnlyList<LedgerFinding> Findings => _findings;

    /// <summary>The next entry.</summary>
    /// <param name="place">What it says of its place; null when it is none.</param>
    /// <param name="previous">What it says of the hash before it, in hexadecimal.</param>
    /// <param name="hash">Of its line, exactly as it was exported.</param>
    internal void Entry(long? place, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> hash)
    {
        if (place != Size)
        {
            Found(
                LedgerFinding.Missing,
                FormattableString.Invariant($"entry {Size} is missing: at its place stands {place}")
            );
        }

        if (!previous.SequenceEqual(_previous))
        {
            Found(
                LedgerFinding.Broken,
                $"entry {Size} does not follow what stands before it: that was changed, left out or put in"
            );
        }

        Append(hash);
    }

    /// <summary>A place whose entry is gone. Whether it may be is known at the end.</summary>
    /// <param name="stored">What its seal says of its hash: that stays, and is in every root after it.</param>
    internal void Gone(long? place, ReadOnlySpan<byte> stored)
    {
        if (place != Size)
        {
            Found(
                LedgerFinding.Missing,
                FormattableString.Invariant($"entry {Size} is missing: at its place stands {place}, which is gone too")
            );
        }

        if (_gone is [.., var last] && last.Behind == Size)
        {
            _gone[^1] = (last.First, Size + 1);
        }
        else
        {
            _gone.Add((Size, Size + 1));
        }

        Append(stored);
    }

    /// <summary>What a retention run announced. Stands before every entry.</summary>
    internal void Retained(LedgerDrop drop) => _drop = Size == 0 ? drop : _drop;

    /// <summary>A checkpoint of the ledger itself, after the entry that it ends with.</summary>
    internal void Checkpoint(LedgerCheckpoint checkpoint)
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
    internal void End()
    {
        var may = MayBeGone();
        foreach (var (first, behind) in _gone)
        {
            if (behind > may)
            {
                var unsaid = Math.Max(first, may);
                Found(
                    LedgerFinding.Missing,
                    unsaid == behind - 1
                        ? FormattableString.Invariant($"entry {unsaid} was sealed and is gone")
                        : FormattableString.Invariant(
                            $"entries {unsaid} to {behind - 1} were sealed and are gone, and no retention run has announced that"
                        )
                );
            }
        }

        Dropped = _gone is [var (begin, _), ..] && begin < may ? _drop : null;
        if (_kept is [.., { Size: var largest }] && largest > Size)
        {
            Found(
                LedgerFinding.Truncated,
                $"a checkpoint kept outside knows {largest} entries and there are {Size}: the tail was cut off, or an older ledger was restored"
            );
        }
    }

    /// <summary>Entries before it may be gone: a run announced it, of this very history, and the ledger's key signed that.</summary>
    private long MayBeGone()
    {
        if (_drop is not { } drop)
        {
            return 0;
        }

        if (_rootAtDrop is null || _rootAtDrop != drop.Root)
        {
            Found(
                LedgerFinding.Rewritten,
                FormattableString.Invariant(
                    $"a retention run announced that {drop.Before} entries go of a history that is not this one"
                )
            );
            return 0;
        }

        if (keys.Count > 0 && !keys.Any(key => key.Signed(drop)))
        {
            Found(
                LedgerFinding.Forged,
                FormattableString.Invariant(
                    $"what is said to be a retention run's, that {drop.Before} entries go, is signed by none of the keys {string.Join(", ", keys.Select(key => key.Id))}"
                )
            );
            return 0;
        }

        return drop.Before;
    }

    private void Append(ReadOnlySpan<byte> hash)
    {
        _tree.Append(hash);
        _rootAtDrop = Size == _drop?.Before ? Root : _rootAtDrop;
        Convert.TryToHexStringLower(hash, _previous, out _);
        while (_compared < _kept.Length && _kept[_compared].Size <= Size)
        {
            if (_kept[_compared++] is var checkpoint && checkpoint.Size == Size)
            {
                Compare(checkpoint, "kept outside the database");
            }
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
