using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tidegate.ControlPlane.DesiredState.Yaml;

/// <summary>The bytes of a file as text, where they are plain UTF-8 text that shows all that it holds.</summary>
internal static class FileText
{
    private static readonly char[] ControlCodes =
    [
        .. Enumerable.Range(0, 0xa0).Select(code => (char)code).Where(char.IsControl).Except(['\n', '\r', '\t']),
    ];

    /// <summary>Characters that steer a terminal instead of being shown by it; ends of lines and tabs are none.</summary>
    public static readonly SearchValues<char> Controls = SearchValues.Create(ControlCodes);

    private static readonly SearchValues<char> Suspicious = SearchValues.Create([
        .. ControlCodes,
        '\t',
        .. Enumerable.Range(0x200b, 5).Select(code => (char)code), // without width, and turning the direction
        .. Enumerable.Range(0x2028, 7).Select(code => (char)code), // line separators that editors do not number; direction
        .. Enumerable.Range(0x2060, 16).Select(code => (char)code),
        (char)0xfeff,
    ]);

    /// <summary>Null when a problem was added.</summary>
    public static string? Read(ReadOnlySpan<byte> content, DocumentProblems problems)
    {
        if (content.StartsWith([(byte)0xef, (byte)0xbb, (byte)0xbf]))
        {
            problems.Add(Place.Start, "the file begins with a byte order mark.", "Save it as UTF-8 without one.");
            return null;
        }

        if (content.StartsWith([(byte)0xff, (byte)0xfe]) || content.StartsWith([(byte)0xfe, (byte)0xff]))
        {
            problems.Add(Place.Start, "the file is UTF-16, not UTF-8.", "Save it as UTF-8.");
            return null;
        }

        var valid = ValidBytes(content);
        if (valid < content.Length)
        {
            problems.Add(
                PlaceOf(Encoding.UTF8.GetString(content[..valid]), Index.End),
                string.Create(CultureInfo.InvariantCulture, $"the byte 0x{content[valid]:x2} is not UTF-8."),
                "Save the file as UTF-8."
            );
            return null;
        }

        var text = Encoding.UTF8.GetString(content);
        return IsLegible(text, problems) ? text : null;
    }

    private static bool IsLegible(string text, DocumentProblems problems)
    {
        var before = problems.Count;
        for (var index = text.AsSpan().IndexOfAny(Suspicious); index >= 0; index = Next(text, index + 1))
        {
            if (text[index] is not '\t')
            {
                problems.Add(
                    PlaceOf(text, index),
                    $"the character {Characters.Name(text[index])} cannot be seen and is not allowed.",
                    "Remove it; in quotes it may be written as an escape."
                );
                return false;
            }

            // YAML's own rule, told better: the parser names the place where the mapping began.
            if (IsIndentation(text, index))
            {
                problems.Add(PlaceOf(text, index), "a tab cannot indent a line.", "Use blanks.");
                return false;
            }
        }

        return problems.Count == before;
    }

    private static int Next(string text, int from)
    {
        var next = text.AsSpan(from).IndexOfAny(Suspicious);
        return next < 0 ? -1 : from + next;
    }

    private static bool IsIndentation(string text, int tab)
    {
        var line = text.LastIndexOf('\n', tab) + 1;
        return text.AsSpan(line, tab - line).IndexOfAnyExcept(' ') < 0;
    }

    private static int ValidBytes(ReadOnlySpan<byte> content)
    {
        if (System.Text.Unicode.Utf8.IsValid(content))
        {
            return content.Length;
        }

        var valid = 0;
        while (Rune.DecodeFromUtf8(content[valid..], out _, out var read) is OperationStatus.Done)
        {
            valid += read;
        }

        return valid;
    }

    private static Place PlaceOf(string text, Index index)
    {
        var before = text.AsSpan(0, index.GetOffset(text.Length));
        return new(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
