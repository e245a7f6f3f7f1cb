using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>One entry as canonical JSON (RFC 8785), written where it is to stand. Names have to come in their order.</summary>
internal ref struct CanonicalLine(IBufferWriter<byte> to)
{
    private const int LongestNumber = 20;
    private const int Microseconds = 26;

    private static readonly SearchValues<char> Escaped = SearchValues.Create([
        .. Enumerable.Range(0, ' ').Select(code => (char)code),
        '"',
        '\\',
    ]);

    private static readonly SearchValues<byte> EscapedBytes = SearchValues.Create([
        .. Enumerable.Range(0, ' ').Select(code => (byte)code),
        (byte)'"',
        (byte)'\\',
    ]);

    private bool _hasAny;

    public void Add(ReadOnlySpan<byte> name, long? value)
    {
        if (value is not { } number)
        {
            return;
        }

        Name(name);
        Utf8Formatter.TryFormat(number, to.GetSpan(LongestNumber), out var written);
        to.Advance(written);
    }

    /// <summary>To the microsecond.</summary>
    public void Add(ReadOnlySpan<byte> name, DateTimeOffset value)
    {
        Name(name);
        var room = to.GetSpan(Microseconds + 10);
        room[0] = (byte)'"';
        value.UtcDateTime.TryFormat(room[1..], out _, "O", CultureInfo.InvariantCulture);
        "Z\""u8.CopyTo(room[(1 + Microseconds)..]); // in place of its seventh digit
        to.Advance(1 + Microseconds + 2);
    }

    public void Add(ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
        {
            return;
        }

        Name(name);
        to.Write("\""u8);
        var rest = value.AsSpan();
        while (rest.IndexOfAny(Escaped) is >= 0 and var plain)
        {
            Encoding.UTF8.GetBytes(rest[..plain], to);
            Encoding.UTF8.GetBytes(Escape(rest[plain]), to);
            rest = rest[(plain + 1)..];
        }

        Encoding.UTF8.GetBytes(rest, to);
        to.Write("\""u8);
    }

    /// <param name="value">In UTF-8.</param>
    public void AddText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name(name);
        to.Write("\""u8);
        while (value.IndexOfAny(EscapedBytes) is >= 0 and var plain)
        {
            to.Write(value[..plain]);
            Encoding.UTF8.GetBytes(Escape((char)value[plain]), to);
            value = value[(plain + 1)..];
        }

        to.Write(value);
        to.Write("\""u8);
    }

    public readonly void End() => to.Write("}"u8);

    private void Name(ReadOnlySpan<byte> name)
    {
        to.Write(_hasAny ? ",\""u8 : "{\""u8);
        to.Write(name);
        to.Write("\":"u8);
        _hasAny = true;
    }

    // RFC 8785 §3.2.2.2
    private static string Escape(char found) =>
        found switch
        {
            '"' => "\\\"",
            '\\' => @"\\",
            '\b' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\f' => "\\f",
            '\r' => "\\r",
            _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)found:x4}"),
        };
}
