namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>The name that somebody probably meant.</summary>
internal static class Spelling
{
    private const int Farthest = 2;

    /// <summary>The known name that is at most two changes away; null when none is, or the name is too short to say.</summary>
    public static string? Nearest(string name, IEnumerable<string> known) =>
        name.Length <= Farthest
            ? null
            : known
                .Where(other => Math.Abs(other.Length - name.Length) <= Farthest)
                .Select(other => (other, distance: Distance(name, other)))
                .Where(pair => pair.distance <= Farthest)
                .OrderBy(pair => pair.distance)
                .ThenBy(pair => pair.other, StringComparer.Ordinal)
                .Select(pair => pair.other)
                .FirstOrDefault();

    /// <summary>How many letters to add, drop or change (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
