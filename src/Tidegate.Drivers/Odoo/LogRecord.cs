using System.Globalization;
using System.Text.RegularExpressions;

namespace Tidegate.Drivers.Odoo;

/// <summary>One record of Odoo's log: its first line, and the last line of the traceback that follows it.</summary>
/// <param name="Detail">The line that names the exception, <c>ValueError: …</c>; null without a traceback.</param>
public sealed partial record LogRecord(
    DateTimeOffset At,
    string Level,
    string Logger,
    string Message,
    string? Detail = null
)
{
    public bool IsError => Level is "ERROR" or "CRITICAL";

    /// <summary>The record that begins with this line, or null when the line continues another record.</summary>
    public static LogRecord? TryParse(string line)
    {
        var match = Line().Match(line);
        return match.Success
            ? new LogRecord(
                DateTimeOffset.ParseExact(
                    match.Groups["at"].Value,
                    "yyyy-MM-dd HH:mm:ss,fff",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
                ),
                match.Groups["level"].Value,
                match.Groups["logger"].Value,
                match.Groups["message"].Value
            )
            : null;
    }

    [GeneratedRegex(
        @"\A(?<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) \d+ (?<level>[A-Z]+) \S+ (?<logger>[^\s:]+): (?<message>.*?)\s*\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Line();
}
