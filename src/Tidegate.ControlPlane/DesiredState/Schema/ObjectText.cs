using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>An object as the file that would be read as it, with every default written out.</summary>
internal static class ObjectText
{
    public static string Yaml(ObjectSchema schema, object value) => YamlText.Of(Json(schema, value));

    public static JsonObject Json(ObjectSchema schema, object value)
    {
        var json = new JsonObject();
        foreach (var (key, said) in schema.Pairs(value))
        {
            json[key.Name] = key.Kind.Write(said);
        }

        return json;
    }

    /// <summary>Every key with a value, those of maps within by their path: <c>rollout.bake</c>.</summary>
    public static IEnumerable<(string Path, string Text)> Lines(ObjectSchema schema, object value)
    {
        foreach (var (key, said) in schema.Pairs(value))
        {
            foreach (var (path, text) in Within(key.Kind, said))
            {
                yield return ($"{key.Name}{path}", text);
            }
        }
    }

    /// <summary>Maps in a list go by their place: <c>rules[2].when.days</c>.</summary>
    private static IEnumerable<(string Path, string Text)> Within(ValueKind kind, object said) =>
        kind switch
        {
            MapKind { Map: var map } => Lines(map, said).Select(line => ($".{line.Path}", line.Text)),
            ListKind { Item: MapKind item } => ((ImmutableArray<object>)said).SelectMany(
                (each, place) =>
                    Within(item, each)
                        .Select(line => (FormattableString.Invariant($"[{place + 1}]{line.Path}"), line.Text))
            ),
            _ => [("", YamlText.Inline(kind.Write(said)))],
        };
}
