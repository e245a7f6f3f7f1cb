using System.Buffers;
using System.Buffers.Binary;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>
/// Sealed entries as PostgreSQL sends them. They become lines of JSON without becoming anything else on the way: of a
/// million entries that is most of what it takes to check them.
/// </summary>
internal sealed class SealedRows(byte[] rows, int length) : IDisposable
{
    /// <summary>What follows place and hash, in the order of the line.</summary>
    public const string Columns =
        "l.actor, l.at, l.digest, l.epoch, l.id, l.kind, l.reason, l.rollout, l.step, l.tenant, l.upgrade";

    private const int ColumnCount = 11;

    // A signature, flags, and the length of nothing: PostgreSQL's documentation of COPY.
    private const int Header = 19;

    private int _next = Header;
    private int _hash;
    private int _entry;

    /// <summary>Of the seal that was read last.</summary>
    public long Place { get; private set; }

    /// <summary>What it says.</summary>
    public ReadOnlySpan<byte> Hash => Field(_hash);

    /// <summary>False when its entry is gone.</summary>
    public bool IsThere => Length(_entry) >= 0;

    /// <summary>Reads the next seal; false when there is none.</summary>
    /// <exception cref="InvalidDataException">What was sent ends in the middle.</exception>
    public bool Read()
    {
        if (_next + 2 > length)
        {
            throw new InvalidDataException("PostgreSQL sent less of the ledger than it began.");
        }

        if (BinaryPrimitives.ReadInt16BigEndian(rows.AsSpan(_next)) < 0)
        {
            return false;
        }

        var place = _next + 2;
        Place = BinaryPrimitives.ReadInt64BigEndian(Field(place));
        _hash = After(place);
        _entry = After(_hash);
        _next = _entry;
        for (var column = 0; column < ColumnCount; column++)
        {
            _next = After(_next);
        }

        return true;
    }

    /// <summary>As <see cref="LedgerEntry.Write"/> does.</summary>
    /// <param name="previous">The hash of the one before it, in hexadecimal.</param>
    public void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> previous)
    {
        var line = new CanonicalLine(to);
        var at = _entry;
        Text(ref line, "actor"u8, ref at);
        line.Add("at"u8, PostgresInstant.Of(BinaryPrimitives.ReadInt64BigEndian(Field(at))));
        at = After(at);
        Text(ref line, "digest"u8, ref at);
        Number(ref line, "epoch"u8, ref at);
        Number(ref line, "id"u8, ref at);
        Text(ref line, "kind"u8, ref at);
        line.Add("place"u8, Place);
        line.AddText("previous"u8, previous);
        Text(ref line, "reason"u8, ref at);
        Text(ref line, "rollout"u8, ref at);
        Text(ref line, "step"u8, ref at);
        Text(ref line, "tenant"u8, ref at);
        Text(ref line, "upgrade"u8, ref at);
        line.End();
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(rows);

    private void Text(ref CanonicalLine line, ReadOnlySpan<byte> name, ref int at)
    {
        if (Length(at) >= 0)
        {
            line.AddText(name, Field(at));
        }

        at = After(at);
    }

    private void Number(ref CanonicalLine line, ReadOnlySpan<byte> name, ref int at)
    {
        if (Length(at) >= 0)
        {
            line.Add(name, BinaryPrimitives.ReadInt64BigEndian(Field(at)));
        }

        at = After(at);
    }

    /// <summary>Below zero for null.</summary>
    private int Length(int at) => BinaryPrimitives.ReadInt32BigEndian(rows.AsSpan(at));

    private ReadOnlySpan<byte> Field(int at) => rows.AsSpan(at + 4, Length(at));

    private int After(int at) => at + 4 + Math.Max(0, Length(at));
}

/// <summary>An instant as PostgreSQL sends it.</summary>
internal static class PostgresInstant
{
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly long First = (DateTimeOffset.MinValue - Epoch).Ticks / TimeSpan.TicksPerMicrosecond;
    private static readonly long Last = (DateTimeOffset.MaxValue - Epoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <param name="microseconds">Since the year 2000. What no calendar of ours has becomes its first or last instant: nobody sealed such an entry.</param>
    public static DateTimeOffset Of(long microseconds) =>
        microseconds < First ? DateTimeOffset.MinValue
        : microseconds > Last ? DateTimeOffset.MaxValue
        : Epoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
