using System.Text;
using System.Text.Json.Nodes;
using Json.Schema;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Reading;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Yaml;
using Tidegate.TestKit;

namespace Tidegate.Tests.DesiredState;

/// <summary>The schemas in <c>docs/schema</c> are those of the code, and editors that use them say yes and no as Tidegate does.</summary>
public sealed class PublishedSchemaTests
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.Flag };

    [Fact]
    public void The_published_files_say_what_the_code_says()
    {
        foreach (var (file, schema) in JsonSchemas.All)
        {
            PublishedFile.Matches($"docs/schema/{file}", ExampleFleet.Text(schema));
        }
    }

    [Fact]
    public void Every_example_is_valid()
    {
        var files = MemoryFiles.Example();
        foreach (var path in files.Paths.Where(path => path.EndsWith(".yaml", StringComparison.Ordinal)))
        {
            Assert.True(IsValid(path, files.Text(path)), path);
        }

        foreach (var known in FleetSchema.Objects)
        {
            var path = known.Folder?.FileOf("x") ?? FleetLayout.Root;
            Assert.True(IsValid(path, ObjectText.Yaml(known.Schema, known.Example)), path);
        }
    }

    /// <summary>The same fault in every key of every example: both refuse it.</summary>
    [Fact]
    public void What_is_broken_in_shape_is_refused_by_both()
    {
        var broken = 0;
        foreach (var known in FleetSchema.Objects.Where(known => !known.Schema.Keys.IsEmpty))
        {
            var path = known.Folder?.FileOf("x") ?? FleetLayout.Root;
            foreach (var fault in Faults(ObjectText.Json(known.Schema, known.Example)))
            {
                var text = YamlText.Of(fault);
                broken++;
                Assert.False(IsValid(path, text), $"the schema takes {path}:\n{text}");
                Assert.NotNull(Read(path, text) is { Count: > 0 } ? path : null);
            }
        }

        Assert.True(broken > 150, $"only {broken} faults were tried");
    }

    private static IEnumerable<JsonObject> Faults(JsonObject good)
    {
        foreach (var (key, value) in good.ToList())
        {
            JsonNode?[] others =
            [
                new JsonObject { ["unknown"] = 1 },
                new JsonArray(new JsonArray()),
                value is JsonValue number && number.GetValueKind() is System.Text.Json.JsonValueKind.Number
                    ? JsonValue.Create("text")
                    : JsonValue.Create(-7),
            ];
            foreach (var other in others)
            {
                var fault = (JsonObject)good.DeepClone();
                fault[key] = other;
                yield return fault;
            }

            if (value is JsonObject inner)
            {
                foreach (var deeper in Faults(inner))
                {
                    var fault = (JsonObject)good.DeepClone();
                    fault[key] = deeper;
                    yield return fault;
                }
            }

            var renamed = (JsonObject)good.DeepClone();
            renamed.Remove(key);
            renamed[$"{key}x"] = value?.DeepClone();
            yield return renamed;
        }
    }

    private static DesiredDocument Read(string path, string text) =>
        DesiredDocument.Read(path, "x", SchemaOf(path), Encoding.UTF8.GetBytes(text));

    private static ObjectSchema SchemaOf(string path) =>
        path == FleetLayout.Root
            ? OrganisationSchema.Schema
            : FleetSchema.Find(path[..path.IndexOf('/', StringComparison.Ordinal)])!.Schema;

    private static bool IsValid(string path, string text)
    {
        var published = PublishedFile.Read($"docs/schema/{JsonSchemas.FileOf(SchemaOf(path))}");
        var problems = new DocumentProblems(path);
        var node = YamlReader.Read(Encoding.UTF8.GetBytes(text), problems);
        Assert.Equal(0, problems.Count);
        return JsonSchema
            .FromText(published)
            .Evaluate(System.Text.Json.JsonSerializer.SerializeToElement(Json(node!)), Options)
            .IsValid;
    }

    /// <summary>What an editor's YAML reader makes of it.</summary>
    private static JsonNode? Json(YamlNode node) =>
        node switch
        {
            YamlNode.Map map => new JsonObject(
                map.Entries.Select(entry => KeyValuePair.Create(entry.Key, Json(entry.Value)))
            ),
            YamlNode.List list => new JsonArray([.. list.Items.Select(Json)]),
            YamlNode.Text { IsPlain: true } text
                when PlainText.Meaning(text.Value) is "a number" or "a truth value" or "nothing" => JsonNode.Parse(
                text.Value is "" or "~" ? "null" : text.Value
            ),
            YamlNode.Text text => JsonValue.Create(text.Value),
            _ => null,
        };
}
