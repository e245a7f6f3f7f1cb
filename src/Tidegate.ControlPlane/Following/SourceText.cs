using System.Globalization;
using System.Text;

namespace Tidegate.ControlPlane.Following;

/// <summary>What strangers wrote into a repository, fit for one line of a terminal, a page or a record.</summary>
public static class SourceText
{
    /// <summary>The longest name of an author or committer that is kept, in letters.</summary>
    public const int LongestName = 200;

    /// <summary>The longest subject that is kept, in letters.</summary>
    public const int LongestSubject = 300;

    /// <summary>
    /// Control letters, line ends and marks that turn the direction of writing become U+FFFD: they could rewrite a
    /// terminal, or make a name look like another. What is longer than the bound ends in <c>…</c>.
    /// </summary>
    public static string Shown(string text, int most)
    {
        var whole = text.Trim();
        var shown = new StringBuilder(Math.Min(whole.Length, most));
        foreach (var rune in whole.EnumerateRunes())
        {
            if (whole.Length > most && shown.Length + rune.Utf16SequenceLength >= most)
            {
                return shown.Append('…').ToString();
            }

            shown.Append((IsTricky(rune) ? Rune.ReplacementChar : rune).ToString());
        }

        return shown.ToString();
    }

    private static bool IsTricky(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
        || rune.Value is 0x200E or 0x200F or 0x061C or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
