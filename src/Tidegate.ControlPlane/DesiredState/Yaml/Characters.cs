using System.Globalization;

namespace Tidegate.ControlPlane.DesiredState.Yaml;

/// <summary>Says which character it is, where its looks do not.</summary>
internal static class Characters
{
    public static string Name(char character) => string.Create(CultureInfo.InvariantCulture, $"U+{(int)character:X4}");

    /// <summary>A sentence about the first letter that only looks like one of the alphabet, or null.</summary>
    public static string? Foreign(string name)
    {
        foreach (var rune in name.EnumerateRunes())
        {
            if (!rune.IsAscii)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"\"{rune}\" in it is U+{rune.Value:X4}, no letter of the English alphabet."
                );
            }
        }

        return null;
    }

    /// <summary>A text for a message: on one line, and not longer than a line.</summary>
    public static string Shown(string text)
    {
        const int most = 60;
        var cut = text.Length > most ? string.Concat(text.AsSpan(0, most), "…") : text;
        return string.Concat(cut.Select(each => char.IsControl(each) ? ' ' : each));
    }
}
