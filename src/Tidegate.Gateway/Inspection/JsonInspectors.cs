using System.Text.Json;

namespace Tidegate.Gateway.Inspection;

/// <summary><c>/jsonrpc</c>: <c>{"params": {"service", "method", "args": [database, …]}}</c>.</summary>
internal sealed class JsonRpcInspector : IBodyInspector
{
    public static readonly JsonRpcInspector Instance = new();

    public string? Refusal(ReadOnlyMemory<byte> body, string database) =>
        JsonCall.Inspect(body, parameters => Refusal(parameters, database));

    private static string? Refusal(JsonElement parameters, string database)
    {
        if (!parameters.TryGetProperty("service", out var service) || service.ValueKind != JsonValueKind.String)
        {
            return "params.service must be a string.";
        }

        var isCommon = service.ValueEquals("common");
        if (!isCommon && !service.ValueEquals("object"))
        {
            return "Only the services common and object are available here.";
        }

        // Odoo unpacks whatever it gets: also the keys of an object. So nothing but a list is let through.
        if (!parameters.TryGetProperty("args", out var arguments) || arguments.ValueKind != JsonValueKind.Array)
        {
            return "params.args must be a list.";
        }

        if (isCommon && arguments.GetArrayLength() == 0)
        {
            return null; // version, about
        }

        return
            arguments.GetArrayLength() > 0
            && arguments[0].ValueKind == JsonValueKind.String
            && arguments[0].ValueEquals(database)
            ? null
            : "The first of params.args must be the database that this host serves.";
    }
}

/// <summary><c>/web/session/authenticate</c>: <c>{"params": {"db": database, …}}</c>.</summary>
internal sealed class JsonParamsInspector : IBodyInspector
{
    public static readonly JsonParamsInspector Instance = new();

    public string? Refusal(ReadOnlyMemory<byte> body, string database) =>
        JsonCall.Inspect(
            body,
            parameters =>
                parameters.TryGetProperty("db", out var db)
                && !(db.ValueKind == JsonValueKind.String && db.ValueEquals(database))
                    ? "params.db must be the database that this host serves."
                    : null
        );
}

/// <summary>Reads a JSON-RPC call so that there is one way only to understand it.</summary>
internal static class JsonCall
{
    // Two keys of one name: the last wins in Odoo, and another parser may take the first.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 256 };

    public static string? Inspect(ReadOnlyMemory<byte> body, Func<JsonElement, string?> refusal)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return "The body must be one JSON-RPC call; batches are not served.";
            }

            return
                document.RootElement.TryGetProperty("params", out var parameters)
                && parameters.ValueKind == JsonValueKind.Object
                ? refusal(parameters)
                : "The call's params must be an object.";
        }
        catch (JsonException)
        {
            return "The body is not well-formed JSON with unique keys.";
        }
        catch (InvalidOperationException)
        {
            return "The body holds text that is not valid Unicode."; // a lone surrogate, found when compared
        }
    }
}
