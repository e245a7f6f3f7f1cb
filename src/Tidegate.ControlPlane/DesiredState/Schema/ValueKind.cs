using System.Text.Json.Nodes;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What the value of a key may be: reads it, writes it, and describes it for editors and for people.</summary>
internal abstract class ValueKind
{
    /// <summary>Completes "workers is …": <c>a whole number from 1 to 64</c>.</summary>
    public abstract string Words { get; }

    /// <summary>The value, or null after a problem was added.</summary>
    /// <param name="key">What the value is called in a message.</param>
    public abstract object? Read(YamlNode node, string key, DocumentReading reading);

    /// <summary>The value as JSON, and so as YAML: what <see cref="Read"/> would read again.</summary>
    public abstract JsonNode Write(object value);

    /// <summary>The JSON Schema (2020-12) of what <see cref="Read"/> takes.</summary>
    public abstract JsonObject Schema();

    /// <summary>Adds "key is …, not …" and gives null.</summary>
    protected object? Refuse(YamlNode node, string key, DocumentReading reading, string? suggestion = null)
    {
        if (node is not YamlNode.Refused)
        {
            reading.Problems.Add(node.At, $"{key} is {Words}, not {Shown(node)}.", suggestion);
        }

        return null;
    }

    private static string Shown(YamlNode node) =>
        node switch
        {
            YamlNode.Text { IsPlain: true, Value: "" } => "nothing",
            YamlNode.Text text => $"\"{Characters.Shown(text.Value)}\"",
            YamlNode.List => "a list",
            _ => "a map",
        };
}
