using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>A text of a certain form.</summary>
/// <param name="words">Completes "database is …".</param>
/// <param name="most">The most characters it may have.</param>
internal class TextKind(string words, int most, string? pattern = null) : ValueKind
{
    // The same pattern goes to editors, so it keeps to what .NET and ECMAScript read alike.
    private readonly Regex? form = pattern is null
        ? null
        : new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    public override string Words => words;

    public override object? Read(YamlNode node, string key, DocumentReading reading)
    {
        if (node is not YamlNode.Text text)
        {
            return Refuse(node, key, reading);
        }

        if (text.IsPlain && PlainText.Meaning(text.Value) is { } meaning)
        {
            var suggestion =
                text.Value.Length == 0 ? null : $"Without quotes it means {meaning}: write \"{text.Value}\".";
            return Refuse(node, key, reading, suggestion);
        }

        return text.Value.Length > most || text.Value.Length == 0 || form?.IsMatch(text.Value) is false
            ? Refuse(node, key, reading, Characters.Foreign(text.Value))
            : Accept(text, key, reading);
    }

    public override JsonNode Write(object value) => JsonValue.Create((string)value);

    public override JsonObject Schema()
    {
        var schema = new JsonObject
        {
            ["type"] = "string",
            ["minLength"] = 1,
            ["maxLength"] = most,
        };
        if (pattern is not null)
        {
            schema["pattern"] = string.Create(CultureInfo.InvariantCulture, $"^(?:{pattern})$");
        }

        return schema;
    }

    /// <summary>What a pattern cannot say. Null after a problem was added.</summary>
    protected virtual object? Accept(YamlNode.Text text, string key, DocumentReading reading) => text.Value;
}

/// <summary>The name of another object of the fleet.</summary>
internal sealed class ReferenceKind(ObjectFolder folder)
    : TextKind($"the name of {Nouns.A(folder.Noun)}", folder.LongestName, folder.NamePattern)
{
    public ObjectFolder Folder { get; } = folder;

    protected override object Accept(YamlNode.Text text, string key, DocumentReading reading)
    {
        reading.Refer(new(Folder.Name, text.Value, text.At));
        return text.Value;
    }
}

/// <summary>A time zone by its IANA name.</summary>
internal sealed class TimeZoneKind()
    : TextKind("a time zone by its IANA name, like Europe/Oslo", 64, "[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")
{
    private static readonly Lazy<string[]> Known = new(() => [.. DateTimeZoneProviders.Tzdb.Ids]);

    protected override object? Accept(YamlNode.Text text, string key, DocumentReading reading) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(text.Value) is not null
            ? text.Value
            : Refuse(text, key, reading, Suggestions.Nearest(text.Value, Known.Value));
}

/// <summary>A text that is read as something else, which says what is wrong with it.</summary>
/// <param name="read">Throws <see cref="FormatException"/> with a sentence without its end.</param>
internal sealed class ReadTextKind(string words, int most, Action<string> read) : TextKind(words, most)
{
    protected override object? Accept(YamlNode.Text text, string key, DocumentReading reading)
    {
        try
        {
            read(text.Value);
            return text.Value;
        }
        catch (FormatException wrong)
        {
            reading.Problems.Add(
                text.At,
                $"{key}: {wrong.Message.Replace(text.Value, Characters.Shown(text.Value), StringComparison.Ordinal)}."
            );
            return null;
        }
    }
}
