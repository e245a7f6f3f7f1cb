using System.Text.Json.Nodes;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>One of a few words, each a member of an enum.</summary>
internal sealed class ChoiceKind<TEnum>(params TEnum[] members) : ValueKind
    where TEnum : struct, Enum
{
    private readonly string[] words = [.. members.Select(Word)];

    public override string Words => $"{string.Join(", ", words[..^1])} or {words[^1]}";

    public override object? Read(YamlNode node, string key, DocumentReading reading)
    {
        if (node is not YamlNode.Text text)
        {
            return Refuse(node, key, reading);
        }

        var index = Array.IndexOf(words, text.Value);
        return index >= 0
            ? members[index]
            : Refuse(node, key, reading, Characters.Foreign(text.Value) ?? Suggestions.Nearest(text.Value, words));
    }

    public override JsonNode Write(object value) => JsonValue.Create(Word((TEnum)value));

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. words.Select(word => word)]) };

    private static string Word(TEnum member) => member.ToString().ToLowerInvariant();
}

/// <summary><c>true</c> or <c>false</c>; <c>yes</c> and <c>on</c> mean something to some readers only.</summary>
internal sealed class FlagKind : ValueKind
{
    public override string Words => "true or false";

    public override object? Read(YamlNode node, string key, DocumentReading reading) =>
        node switch
        {
            YamlNode.Text { IsPlain: true, Value: "true" } => true,
            YamlNode.Text { IsPlain: true, Value: "false" } => false,
            YamlNode.Text { Value: "true" or "false" } => Refuse(node, key, reading, "Write it without quotes."),
            YamlNode.Text { Value: "yes" or "on" } => Refuse(node, key, reading, "Did you mean \"true\"?"),
            YamlNode.Text { Value: "no" or "off" } => Refuse(node, key, reading, "Did you mean \"false\"?"),
            _ => Refuse(node, key, reading),
        };

    public override JsonNode Write(object value) => JsonValue.Create((bool)value);

    public override JsonObject Schema() => new() { ["type"] = "boolean" };
}

/// <summary>One of a few words.</summary>
internal sealed class WordKind(params string[] words) : ValueKind
{
    public override string Words => $"{string.Join(", ", words[..^1])} or {words[^1]}";

    public override object? Read(YamlNode node, string key, DocumentReading reading) =>
        node is not YamlNode.Text text ? Refuse(node, key, reading)
        : words.Contains(text.Value, StringComparer.Ordinal) ? text.Value
        : Refuse(node, key, reading, Characters.Foreign(text.Value) ?? Suggestions.Nearest(text.Value, words));

    public override JsonNode Write(object value) => JsonValue.Create((string)value);

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. words.Select(word => word)]) };
}
