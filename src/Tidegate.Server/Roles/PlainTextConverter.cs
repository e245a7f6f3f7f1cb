using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tidegate.Server.Roles;

/// <summary>Text that PostgreSQL can keep: without the character NUL. Whoever sends it is told, before anything is done.</summary>
internal sealed class PlainTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.String)
        {
            throw new JsonException("a text was expected.");
        }

        return reader.GetString() is { } text && text.Contains('\0', StringComparison.Ordinal)
            ? throw new JsonException("a text has the character NUL in it.")
            : reader.GetString();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}
