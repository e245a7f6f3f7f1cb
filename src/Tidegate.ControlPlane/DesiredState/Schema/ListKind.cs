using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>A list of values of one kind, as an array of objects.</summary>
internal sealed class ListKind(ValueKind item, int least = 0, int most = 1000, bool isUnique = true) : ValueKind
{
    public ValueKind Item { get; } = item;

    public override string Words =>
        (least, most) switch
        {
            (0, _) => $"a list, each item {Item.Words}",
            _ => string.Create(CultureInfo.InvariantCulture, $"a list of {least} to {most}, each item {Item.Words}"),
        };

    public override object? Read(YamlNode node, string key, DocumentReading reading)
    {
        if (node is not YamlNode.List list)
        {
            return Refuse(
                node,
                key,
                reading,
                node is YamlNode.Text { Value: { Length: > 0 } one } ? $"Write [{Characters.Shown(one)}]." : null
            );
        }

        if (list.Items.Length < least || list.Items.Length > most)
        {
            reading.Problems.Add(
                list.At,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{key} has {least} to {most} items, not {list.Items.Length}."
                )
            );
            return null;
        }

        var seen = new HashSet<object>();
        var values = ImmutableArray.CreateBuilder<object>(list.Items.Length);
        foreach (var each in list.Items)
        {
            if (Item.Read(each, $"an item of {key}", reading) is not { } value)
            {
                continue;
            }

            if (isUnique && !seen.Add(value))
            {
                reading.Problems.Add(each.At, $"{key} has {Item.Write(value).ToJsonString()} twice.");
            }

            values.Add(value);
        }

        return values.Count == list.Items.Length ? values.DrainToImmutable() : null;
    }

    public override JsonNode Write(object value) =>
        new JsonArray([.. ((ImmutableArray<object>)value).Select(Item.Write)]);

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = Item.Schema() };
        if (least > 0)
        {
            schema["minItems"] = least;
        }

        schema["maxItems"] = most;
        if (isUnique)
        {
            schema["uniqueItems"] = true;
        }

        return schema;
    }
}
