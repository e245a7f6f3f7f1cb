using System.Text.Json.Nodes;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Views;

/// <summary>A calendar as the file that would be read as it. What has its default is left out, as people write.</summary>
public static class CalendarFileText
{
    public static string Of(TradingCalendar calendar) => YamlText.Of(Said(CalendarSchema.Schema, calendar));

    private static JsonObject Said(ObjectSchema schema, object value)
    {
        var json = new JsonObject();
        foreach (var (key, said) in schema.Pairs(value))
        {
            var written = key.Kind switch
            {
                MapKind { Map: var map } => Said(map, said),
                ListKind { Item: MapKind { Map: var item } } => new JsonArray([
                    .. ((System.Collections.Immutable.ImmutableArray<object>)said).Select(each => Said(item, each)),
                ]),
                _ => key.Kind.Write(said),
            };
            var isDefault =
                !key.IsRequired
                && (
                    written is JsonObject { Count: 0 }
                    || (key.Default is { } otherwise && JsonNode.DeepEquals(written, key.Kind.Write(otherwise)))
                );
            if (!isDefault)
            {
                json[key.Name] = written;
            }
        }

        return json;
    }
}
