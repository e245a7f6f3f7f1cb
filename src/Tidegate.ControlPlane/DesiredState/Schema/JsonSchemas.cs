using System.Text.Json.Nodes;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>The JSON Schemas (draft 2020-12) by which editors check and complete the files of a fleet.</summary>
internal static class JsonSchemas
{
    /// <summary>Each file's name with its schema.</summary>
    public static IEnumerable<(string File, JsonObject Schema)> All =>
        FleetSchema.Objects.Select(each => (FileOf(each.Schema), Document(each)));

    /// <summary><c>tenant.schema.json</c>.</summary>
    public static string FileOf(ObjectSchema schema) => $"{schema.Noun}.schema.json";

    /// <summary>The schema of a map, without its heading.</summary>
    public static JsonObject Of(ObjectSchema schema)
    {
        var properties = new JsonObject();
        foreach (var key in schema.Keys)
        {
            var value = key.Kind.Schema();
            value["description"] = key.Description;
            if (key.Default is { } otherwise && key.Kind is not MapKind)
            {
                value["default"] = key.Kind.Write(otherwise);
            }

            properties[key.Name] = value;
        }

        var json = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        if (schema.Keys.Any(key => key.IsRequired))
        {
            json["required"] = new JsonArray([.. schema.Keys.Where(key => key.IsRequired).Select(key => key.Name)]);
        }

        return json;
    }

    private static JsonObject Document(FleetObject described)
    {
        var schema = described.Schema;
        var json = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = $"Tidegate {schema.Noun}",
            ["description"] = schema.Description,
        };
        foreach (var (name, value) in Of(schema).ToList())
        {
            json[name] = value?.DeepClone();
        }

        json["examples"] = new JsonArray(ObjectText.Json(schema, described.Example));
        return json;
    }
}
