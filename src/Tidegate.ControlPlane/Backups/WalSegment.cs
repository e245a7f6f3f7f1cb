using System.Globalization;
using System.Runtime.InteropServices;

namespace Tidegate.ControlPlane.Backups;

/// <summary>One file of the write-ahead log, by its place in it. Its name is 24 hexadecimal digits.</summary>
/// <param name="Number">Counts from the beginning of the log.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WalSegment(uint Timeline, ulong Number) : IComparable<WalSegment>
{
    /// <summary>How much of the log one file holds: what initdb chooses, and so every cluster of ours.</summary>
    public const ulong Bytes = 16 << 20;

    private const ulong PerLog = (1UL << 32) / Bytes;

    public WalSegment Next => this with { Number = Number + 1 };

    public WalPosition Start => new(Number * Bytes);

    /// <summary>Null when the text is no segment's name; what follows its 24 digits does not count.</summary>
    public static WalSegment? TryParse(string name) =>
        name.Length >= 24
        && Digits(name[..8]) is { } timeline
        && Digits(name[8..16]) is { } log
        && Digits(name[16..24]) is { } rest and < PerLog
            ? new WalSegment((uint)timeline, (log * PerLog) + rest)
            : null;

    /// <exception cref="FormatException">The text is no segment's name.</exception>
    public static WalSegment Parse(string name) =>
        TryParse(name) ?? throw new FormatException($"\"{name}\" is no name of a segment of the write-ahead log.");

    /// <summary>By timeline, then place.</summary>
    public int CompareTo(WalSegment other) => (Timeline, Number).CompareTo((other.Timeline, other.Number));

    public static bool operator <(WalSegment left, WalSegment right) => left.CompareTo(right) < 0;

    public static bool operator >(WalSegment left, WalSegment right) => left.CompareTo(right) > 0;

    public static bool operator <=(WalSegment left, WalSegment right) => left.CompareTo(right) <= 0;

    public static bool operator >=(WalSegment left, WalSegment right) => left.CompareTo(right) >= 0;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Timeline:X8}{Number / PerLog:X8}{Number % PerLog:X8}");

    private static ulong? Digits(string text) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
