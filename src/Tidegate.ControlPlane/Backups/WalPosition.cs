using System.Globalization;

namespace Tidegate.ControlPlane.Backups;

/// <summary>A place in the write-ahead log. PostgreSQL prints it as <c>0/5000028</c>.</summary>
public readonly record struct WalPosition(ulong Value) : IComparable<WalPosition>
{
    /// <summary>Null when the text is no such place.</summary>
    public static WalPosition? TryParse(string text) =>
        text.Split('/') is [var high, var low] && Half(high) is { } upper && Half(low) is { } lower
            ? new WalPosition((upper << 32) | lower)
            : null;

    /// <exception cref="FormatException">The text is no such place.</exception>
    public static WalPosition Parse(string text) =>
        TryParse(text) ?? throw new FormatException($"\"{text}\" is no place in the write-ahead log.");

    /// <summary>The segment that holds the byte at this place.</summary>
    public WalSegment SegmentOn(uint timeline) => new(timeline, Value / WalSegment.Bytes);

    /// <summary>The segment that holds the byte before this place: the last one that is needed to get here.</summary>
    public WalSegment LastSegmentOn(uint timeline) => new(timeline, (Value - 1) / WalSegment.Bytes);

    public int CompareTo(WalPosition other) => Value.CompareTo(other.Value);

    public static bool operator <(WalPosition left, WalPosition right) => left.Value < right.Value;

    public static bool operator >(WalPosition left, WalPosition right) => left.Value > right.Value;

    public static bool operator <=(WalPosition left, WalPosition right) => left.Value <= right.Value;

    public static bool operator >=(WalPosition left, WalPosition right) => left.Value >= right.Value;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Value >> 32:X}/{(uint)Value:X}");

    private static ulong? Half(string text) =>
        text.Length is > 0 and <= 8
        && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var half)
            ? half
            : null;
}
