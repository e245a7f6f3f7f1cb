using System.Text;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>The lines of iCalendar files (RFC 5545 §3.1): long ones are folded, and texts escaped.</summary>
internal static class ICalendarLines
{
    private const int MostOctets = 75;

    /// <summary>A property with its parameters, <c>DTSTART;TZID=Europe/Oslo:20261127T220000</c>.</summary>
    /// <param name="Number">Of its first line, counted from 1.</param>
    public sealed record Line(int Number, string Name, IReadOnlyDictionary<string, string> Parameters, string Value);

    /// <exception cref="FormatException">A line is none; the message says which.</exception>
    public static IEnumerable<Line> Read(string text)
    {
        foreach (var (number, whole) in Unfold(text))
        {
            // A colon in quotes belongs to a parameter.
            var colon = EndOfName(whole);
            if (colon < 0)
            {
                throw new FormatException(FormattableString.Invariant($"line {number} is no property: NAME:value"));
            }

            var parts = whole[..colon].Split(';');
            yield return new Line(
                number,
                parts[0].ToUpperInvariant(),
                parts
                    .Skip(1)
                    .Select(part => part.Split('=', 2))
                    .Where(part => part.Length == 2)
                    .DistinctBy(part => part[0].ToUpperInvariant(), StringComparer.Ordinal)
                    .ToDictionary(
                        part => part[0].ToUpperInvariant(),
                        part => part[1].Trim('"'),
                        StringComparer.Ordinal
                    ),
                whole[(colon + 1)..]
            );
        }
    }

    public static string Text(string value) =>
        value
            .Replace("\\n", "\n", StringComparison.OrdinalIgnoreCase)
            .Replace("\\,", ",", StringComparison.Ordinal)
            .Replace("\\;", ";", StringComparison.Ordinal)
            .Replace("\\\\", "\\", StringComparison.Ordinal);

    public static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace(";", "\\;", StringComparison.Ordinal)
            .Replace(",", "\\,", StringComparison.Ordinal)
            .ReplaceLineEndings("\\n");

    public static void Write(StringBuilder text, string name, string value)
    {
        var octets = 0;
        foreach (var rune in $"{name}:{value}".EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > MostOctets)
            {
                text.Append("\r\n ");
                octets = 1;
            }

            text.Append(rune);
            octets += rune.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }

    private static IEnumerable<(int Number, string Text)> Unfold(string text)
    {
        var (number, begun, whole) = (0, 0, (StringBuilder?)null);
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (line.Length > 0 && line[0] is ' ' or '\t' && whole is not null)
            {
                whole.Append(line, 1, line.Length - 1);
                continue;
            }

            if (whole is { Length: > 0 })
            {
                yield return (begun, whole.ToString());
            }

            (begun, whole) = (number, new StringBuilder(line));
        }

        if (whole is { Length: > 0 })
        {
            yield return (begun, whole.ToString());
        }
    }

    private static int EndOfName(string line)
    {
        var isQuoted = false;
        for (var index = 0; index < line.Length; index++)
        {
            isQuoted ^= line[index] is '"';
            if (line[index] is ':' && !isQuoted)
            {
                return index;
            }
        }

        return -1;
    }
}
