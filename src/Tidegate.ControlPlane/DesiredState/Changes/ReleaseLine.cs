using System.Text;
using System.Text.Json.Nodes;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Changes;

/// <summary>Changes the one line of an environment's file that says which release it asks for; every other byte stays.</summary>
internal static class ReleaseLine
{
    private const string Key = "release";

    /// <summary>The file with the release in it. Null where the line is written in a way that cannot be changed safely.</summary>
    /// <param name="content">The file of <paramref name="before"/>.</param>
    public static byte[]? Change(ReadOnlySpan<byte> content, DesiredEnvironment before, ReleaseName release)
    {
        var problems = new DocumentProblems(before.Name.Value);
        if (YamlReader.Read(content, problems) is not YamlNode.Map map || problems.Count > 0)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(content);
        var changed = map.Find(Key) is YamlNode.Text value ? Replace(text, value, release) : Add(text, map, release);
        return changed is not null && Encoding.UTF8.GetBytes(changed) is var bytes && Says(bytes, before, release)
            ? bytes
            : null;
    }

    private static string? Replace(string text, YamlNode.Text value, ReleaseName release)
    {
        var at = OffsetOf(text, value.At);
        var quote = value.IsPlain ? "" : text[at..(at + 1)];
        var old = $"{quote}{value.Value}{quote}";
        return string.CompareOrdinal(text, at, old, 0, old.Length) == 0
            ? $"{text[..at]}{(value.IsPlain ? Word(release) : $"{quote}{release}{quote}")}{text[(at + old.Length)..]}"
            : null; // written with escapes, or over several lines
    }

    private static string Add(string text, YamlNode.Map map, ReleaseName release)
    {
        var at = OffsetOf(text, map.At);
        if (at < text.Length && text[at] is '{')
        {
            var more = map.Entries.IsEmpty ? "" : ", ";
            return $"{text[..(at + 1)]}{Key}: {Word(release)}{more}{text[(at + 1)..]}";
        }

        var newline = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        return $"{text}{(text.EndsWith('\n') ? "" : newline)}{Key}: {Word(release)}{newline}";
    }

    /// <summary>Whether the file says the same as before but for the release: the proof that nothing else was touched.</summary>
    private static bool Says(ReadOnlySpan<byte> content, DesiredEnvironment before, ReleaseName release)
    {
        var problems = new DocumentProblems(before.Name.Value);
        var root = YamlReader.Read(content, problems);
        var read = root is null
            ? null
            : EnvironmentSchema.Schema.Read(root, new DocumentReading(before.Name.Value, problems));
        return problems.Count == 0 && read is not null && Text(read) == Text(before with { Release = release });

        static string Text(object environment) => ObjectText.Yaml(EnvironmentSchema.Schema, environment);
    }

    private static string Word(ReleaseName release) => YamlText.Inline(JsonValue.Create(release.Value));

    // A line ends as YAML says: at a line feed, a carriage return, or both.
    private static int OffsetOf(string text, Place place)
    {
        var offset = 0;
        for (var line = 1; line < place.Line; line++)
        {
            var end = text.AsSpan(offset).IndexOfAny('\r', '\n') + offset;
            offset = text[end] is '\r' && end + 1 < text.Length && text[end + 1] is '\n' ? end + 2 : end + 1;
        }

        return offset + place.Column - 1;
    }
}
