using System.Text;
using System.Text.Json.Nodes;

namespace Tidegate.IntegrationTests.Accounts;

/// <summary>The API's OpenAPI document, and what it says is wrong: requests that break the types of what an operation takes.</summary>
internal sealed class DescribedApi(JsonObject document)
{
    private const int Deepest = 4;

    /// <summary>Method and path of each operation.</summary>
    public IEnumerable<(string Method, string Path)> Operations =>
        document["paths"]!
            .AsObject()
            .SelectMany(path =>
                path.Value!.AsObject()
                    .Where(operation => operation.Value?["responses"] is not null)
                    .Select(operation => (operation.Key.ToUpperInvariant(), path.Key))
            );

    public static async Task<DescribedApi> ReadAsync(AccessHome home)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json");
        using var answer = await home.Plane.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return new(
            JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject()
        );
    }

    /// <summary>As it is published.</summary>
    public string Text =>
        document.ToJsonString(new(System.Text.Json.JsonSerializerDefaults.Web) { WriteIndented = true }) + "\n";

    /// <summary>Every request whose query or body is not of the type that the document says.</summary>
    public IEnumerable<HttpRequestMessage> Malformed()
    {
        foreach (var (method, path) in Operations)
        {
            var operation = OperationOf(method, path);
            var address = AddressOf(method, path, "x");
            foreach (var query in Queries(operation))
            {
                yield return new(new HttpMethod(method), new Uri($"{address}?{query}", UriKind.Relative));
            }

            if (operation["requestBody"]?["content"]?["application/json"]?["schema"] is { } schema)
            {
                foreach (var body in Faults(schema, 0))
                {
                    yield return new(new HttpMethod(method), new Uri(address, UriKind.Relative))
                    {
                        Content = new StringContent(body?.ToJsonString() ?? "null", Encoding.UTF8, "application/json"),
                    };
                }
            }
        }
    }

    /// <summary>Where an operation is asked for.</summary>
    /// <param name="name">For each part of the path that is a name.</param>
    public string AddressOf(string method, string path, string name) =>
        (OperationOf(method, path)["parameters"]?.AsArray() ?? [])
            .Where(part => (string?)part!["in"] is "path")
            .Aggregate(
                path,
                (address, part) =>
                    address.Replace(
                        $"{{{(string)part!["name"]!}}}",
                        TypesOf(part["schema"]!).Contains("integer", StringComparer.Ordinal) ? "1" : name,
                        StringComparison.Ordinal
                    )
            );

    private JsonNode OperationOf(string method, string path) => document["paths"]![path]![method.ToLowerInvariant()]!;

    private static IEnumerable<string> Queries(JsonNode operation) =>
        (operation["parameters"]?.AsArray() ?? [])
            .Where(part => (string?)part!["in"] is "query")
            .SelectMany(part =>
                (
                    (TypesOf(part!["schema"]!), (string?)part["schema"]!["format"]) switch
                    {
                        (var types, _) when types.Contains("integer", StringComparer.Ordinal) =>
                        [
                            "abc",
                            "1.5",
                            "99999999999999999999",
                        ],
                        (var types, _) when types.Contains("boolean", StringComparer.Ordinal) => ["perhaps", "2"],
                        (_, "date-time") => ["never", "2026-13-45"],
                        _ => Array.Empty<string>(),
                    }
                ).Select(value => $"{(string)part!["name"]!}={value}")
            );

    /// <summary>Values that a schema does not let through: of every other type, and the same of each part of a right one.</summary>
    private IEnumerable<JsonNode?> Faults(JsonNode schema, int depth)
    {
        schema = Resolved(schema);
        var types = TypesOf(schema);
        foreach (var (type, value) in Values())
        {
            if (types.Length > 0 && !types.Contains(type, StringComparer.Ordinal) && !IsTaken(types, type))
            {
                yield return value;
            }
        }

        if (schema["properties"] is not JsonObject properties || depth >= Deepest)
        {
            yield break;
        }

        var right = Right(schema, depth)!.AsObject();
        foreach (var (name, property) in properties)
        {
            foreach (var fault in Faults(property!, depth + 1))
            {
                yield return With(right, name, fault);
            }
        }

        foreach (var name in (schema["required"]?.AsArray() ?? []).Select(name => (string)name!))
        {
            var less = right.DeepClone().AsObject();
            less.Remove(name);
            yield return less;
        }

        yield return With(right, "nonsense", 1);
    }

    private static JsonObject With(JsonObject right, string name, JsonNode? value)
    {
        var wrong = right.DeepClone().AsObject();
        wrong[name] = value?.DeepClone();
        return wrong;
    }

    /// <summary>The least that a schema lets through.</summary>
    private JsonNode? Right(JsonNode schema, int depth)
    {
        schema = Resolved(schema);
        var types = TypesOf(schema);
        if (schema["enum"] is JsonArray { Count: > 0 } words)
        {
            return words[0]?.DeepClone();
        }

        if (types.Contains("null", StringComparer.Ordinal) || depth > Deepest)
        {
            return null;
        }

        return types.FirstOrDefault() switch
        {
            "object" => new JsonObject(
                (schema["required"]?.AsArray() ?? [])
                    .Select(name => (string)name!)
                    .Select(name => KeyValuePair.Create(name, Right(schema["properties"]![name]!, depth + 1)))
            ),
            "array" => new JsonArray(),
            "integer" or "number" => 1,
            "boolean" => true,
            _ => "x",
        };
    }

    private JsonNode Resolved(JsonNode schema) =>
        schema["$ref"] is { } reference
            ? Resolved(
                ((string)reference!).Split('/').Skip(1).Aggregate((JsonNode)document, (node, part) => node[part]!)
            )
        : schema["oneOf"] is JsonArray choices
            ? Resolved(choices.First(choice => (string?)choice!["type"] is not "null")!)
        : schema;

    private static string[] TypesOf(JsonNode schema) =>
        schema["type"] switch
        {
            JsonArray several => [.. several.Select(type => (string)type!)],
            { } one => [(string)one!],
            null => [],
        };

    /// <summary>A number may be written as a text where the document says so, and a whole number is a number.</summary>
    private static bool IsTaken(string[] types, string type) =>
        type is "integer" && types.Contains("number", StringComparer.Ordinal);

    private static IEnumerable<(string Type, JsonNode? Value)> Values() =>
        [
            ("integer", 42),
            ("number", 0.5),
            ("boolean", true),
            ("string", new string('ø', 40)),
            ("array", new JsonArray(new JsonArray())),
            ("object", new JsonObject { ["nonsense"] = 1 }),
        ];
}
