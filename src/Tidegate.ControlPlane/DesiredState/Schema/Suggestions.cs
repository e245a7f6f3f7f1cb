using Tidegate.ControlPlane.Catalog.Gates;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What somebody probably meant.</summary>
public static class Suggestions
{
    /// <summary>"Did you mean …?", or null when nothing is near.</summary>
    public static string? Nearest(string name, IReadOnlyCollection<string> known) =>
        (known.FirstOrDefault(other => IsSameWord(name, other)) ?? Spelling.Nearest(name, known)) is { } nearest
            ? $"Did you mean \"{nearest}\"?"
            : null;

    /// <summary>The nearest one, or else all that there are.</summary>
    public static string NearestOrAll(string name, IReadOnlyCollection<string> known) =>
        Nearest(name, known) ?? $"There {(known.Count == 1 ? "is" : "are")} {string.Join(", ", known)}.";

    // time_zone, TimeZone and time-zone are timeZone.
    private static bool IsSameWord(string left, string right) =>
        string.Equals(Letters(left), Letters(right), StringComparison.OrdinalIgnoreCase);

    private static string Letters(string word) => string.Concat(word.Where(char.IsLetterOrDigit));
}
