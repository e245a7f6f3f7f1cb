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
            if (key.Kind is not MapKind { Map: var map })
            {
                yield return (key.Name, YamlText.Inline(key.Kind.Write(said)));
                continue;
            }

            foreach (var (path, text) in Lines(map, said))
            {
                yield return ($"{key.Name}.{path}", text);
            }
        }
    }
}
