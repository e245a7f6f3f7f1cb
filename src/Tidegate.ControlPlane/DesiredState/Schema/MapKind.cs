using System.Text.Json.Nodes;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>A map with keys of its own, within an object.</summary>
internal sealed class MapKind(ObjectSchema schema) : ValueKind
{
    public ObjectSchema Map { get; } = schema;

    public override string Words => $"a map of {string.Join(", ", Map.Keys.Select(key => key.Name))}";

    public override object? Read(YamlNode node, string key, DocumentReading reading) =>
        node is YamlNode.Map ? Map.Read(node, reading) : Refuse(node, key, reading);

    public override JsonNode Write(object value) => ObjectText.Json(Map, value);

    public override JsonObject Schema() => JsonSchemas.Of(Map);
}
