using System.Text;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Yaml;
using Tidegate.TestKit;

namespace Tidegate.Tests.DesiredState;

/// <summary>The keys in <c>docs/fleet.md</c> are those of the code.</summary>
public sealed class FleetDocumentTests
{
    private const string Begin = "<!-- keys: made from the code, see FleetDocumentTests -->";
    private const string End = "<!-- end of keys -->";

    [Fact]
    public void The_document_has_every_key()
    {
        var text = PublishedFile.Read("docs/fleet.md");
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));

        PublishedFile.Matches("docs/fleet.md", $"{text[..(begin + Begin.Length)]}\n{Keys()}{text[end..]}");
    }

    private static string Keys()
    {
        var text = new StringBuilder();
        foreach (var known in FleetSchema.Objects)
        {
            text.Append($"\n### {known.Folder?.FileOf("NAME") ?? "tidegate.yaml"}\n\n{known.Schema.Description}\n\n");
            if (!known.Schema.Keys.IsEmpty)
            {
                text.Append("| key | value | default | what |\n|---|---|---|---|\n");
                Rows(text, known.Schema, "");
                text.Append('\n');
            }

            text.Append($"```yaml\n{ObjectText.Yaml(known.Schema, known.Example)}```\n");
        }

        return text.Append('\n').ToString();
    }

    private static void Rows(StringBuilder text, ObjectSchema schema, string prefix)
    {
        foreach (var key in schema.Keys)
        {
            if (key.Kind is MapKind { Map: var map })
            {
                Rows(text, map, $"{prefix}{key.Name}.");
                continue;
            }

            var otherwise =
                key.IsRequired ? "required"
                : key.Default is { } value ? $"`{YamlText.Inline(key.Kind.Write(value))}`"
                : "";
            text.Append($"| `{prefix}{key.Name}` | {key.Kind.Words} | {otherwise} | {key.Description} |\n");
            if (key.Kind is ListKind { Item: MapKind { Map: var item } })
            {
                Rows(text, item, $"{prefix}{key.Name}[].");
            }
        }
    }
}
