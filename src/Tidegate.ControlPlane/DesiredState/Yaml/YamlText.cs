using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tidegate.ControlPlane.DesiredState.Yaml;

/// <summary>Writes values as YAML: always the same text for the same values, and read as the same by every reader of YAML.</summary>
internal static class YamlText
{
    private static readonly Regex Safe = new(
        @"\A[A-Za-z0-9/]([A-Za-z0-9._/:@+-]*[A-Za-z0-9._/@+-])?\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    private static readonly JsonSerializerOptions Quoted = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(JsonObject map)
    {
        var text = new StringBuilder();
        if (map.Count == 0)
        {
            text.Append("{}\n");
        }
        else
        {
            Write(text, map, 0);
        }

        return text.ToString();
    }

    /// <summary>On one line.</summary>
    public static string Inline(JsonNode value) =>
        value switch
        {
            JsonArray list => $"[{string.Join(", ", list.Select(item => Inline(item!)))}]",
            JsonObject { Count: 0 } => "{}",
            JsonValue text when text.GetValueKind() is JsonValueKind.String => Word(text.GetValue<string>()),
            _ => value.ToJsonString(),
        };

    private static void Write(StringBuilder text, JsonObject map, int depth)
    {
        foreach (var (key, value) in map)
        {
            text.Append(' ', depth * 2).Append(Word(key)).Append(':');
            if (value is JsonObject { Count: > 0 } inner)
            {
                text.Append('\n');
                Write(text, inner, depth + 1);
            }
            else if (value is JsonArray { Count: > 0 } list && list.All(item => item is JsonObject { Count: > 0 }))
            {
                text.Append('\n');
                Write(text, list, depth + 1);
            }
            else
            {
                text.Append(' ').Append(Inline(value!)).Append('\n');
            }
        }
    }

    private static void Write(StringBuilder text, JsonArray maps, int depth)
    {
        foreach (var map in maps)
        {
            var dash = text.Length + depth * 2;
            Write(text, (JsonObject)map!, depth + 1);
            text[dash] = '-';
        }
    }

    private static string Word(string text) =>
        Safe.IsMatch(text) && PlainText.Meaning(text) is null && !IsFlagToSome(text)
            ? text
            : JsonSerializer.Serialize(text, Quoted);

    private static bool IsFlagToSome(string text) =>
        text.Length <= 3 && text.ToLowerInvariant() is "y" or "n" or "yes" or "no" or "on" or "off";
}
