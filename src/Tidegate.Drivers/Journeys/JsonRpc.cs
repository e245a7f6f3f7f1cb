using System.Net;
using System.Text.Json;

namespace Tidegate.Drivers.Journeys;

/// <summary>Reads Odoo's JSON-RPC answers.</summary>
internal static class JsonRpc
{
    /// <exception cref="JourneyException">An error, or no JSON-RPC.</exception>
    public static JsonElement ResultOf(BrowserAnswer answer)
    {
        if (answer.Status is not HttpStatusCode.OK)
        {
            throw new JourneyException($"status {(int)answer.Status} instead of an answer");
        }

        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            var root = document.RootElement;
            return root.TryGetProperty("error", out var error) ? throw new JourneyException(Explain(error))
                : root.TryGetProperty("result", out var result) ? result.Clone()
                : default; // a method that returns nothing is answered without one
        }
        catch (JsonException)
        {
            throw new JourneyException($"{answer.MediaType ?? "nothing"} instead of JSON");
        }
    }

    private static string Explain(JsonElement error) =>
        error.TryGetProperty("data", out var data)
        && data.TryGetProperty("name", out var name)
        && data.TryGetProperty("message", out var message)
            ? $"Odoo raised {name.GetString()}: {message.GetString()}"
            : "Odoo answered with an error that it does not explain";
}

/// <summary>The release answered, and wrongly: the journey has failed. The message says what came back.</summary>
internal sealed class JourneyException(string message) : Exception(message);
