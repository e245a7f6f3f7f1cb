using System.Globalization;
using System.Text.RegularExpressions;

namespace Tidegate.Drivers.Backups;

/// <summary>Reads what pgBackRest prints while it copies: how far it is, and why it failed.</summary>
internal sealed partial class PgBackRestOutput
{
    private string? _error;

    /// <returns>How much is copied, from 0 to 1; null when the line says nothing of it.</returns>
    public double? Add(string line)
    {
        if (Error().Match(line) is { Success: true } complaint)
        {
            _error ??= complaint.Groups["text"].Value;
        }

        return Percent().Match(line) is { Success: true } progress
            ? double.Parse(progress.Groups["percent"].Value, CultureInfo.InvariantCulture) / 100
            : null;
    }

    /// <summary>What it said, or its exit code where it said nothing.</summary>
    public string Complaint(int exitCode) =>
        _error ?? string.Create(CultureInfo.InvariantCulture, $"pgbackrest ended with {exitCode}");

    [GeneratedRegex(
        @" DETAIL: (restore|backup|restore zeroed) file .*\(.*, (?<percent>\d+\.\d+)%\)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Percent();

    [GeneratedRegex(
        @" ERROR: (?<text>\[\d+\].*)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Error();
}
