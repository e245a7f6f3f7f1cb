using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Tidegate.Tests.Calendars;

/// <summary>Compares what was answered with what a vector expects. Knows nothing of calendars.</summary>
internal static class VectorExpectation
{
    /// <summary>Everything that was expected is there and the same; times are compared as instants.</summary>
    public static bool Agrees(JsonElement said, JsonElement expected) =>
        expected.TryGetProperty("error", out var error)
            ? said.TryGetProperty("error", out var ours)
                && (error.GetString() is "refused" || ours.GetString() == error.GetString())
        : expected.TryGetProperty("anyOf", out var any)
            ? any.EnumerateArray().Any(one => Same(said.GetProperty("next"), one))
                && InstantOf(said.GetProperty("next").GetString()!)
                    >= InstantOf(expected.GetProperty("notBefore").GetString()!)
        : expected
            .EnumerateObject()
            .All(field => said.TryGetProperty(field.Name, out var ours) && Same(ours, field.Value));

    /// <summary>An alternative is given as the value alone.</summary>
    public static JsonElement InPlaceOf(JsonElement expected, JsonElement alternative) =>
        alternative.ValueKind is JsonValueKind.Object
            ? alternative
            : JsonSerializer.SerializeToElement(
                new Dictionary<string, JsonElement>(StringComparer.Ordinal)
                {
                    [expected.EnumerateObject().First().Name] = alternative,
                }
            );

    private static bool Same(JsonElement ours, JsonElement expected) =>
        (ours.ValueKind, expected.ValueKind) switch
        {
            (JsonValueKind.Array, JsonValueKind.Array) => ours.GetArrayLength() == expected.GetArrayLength()
                && ours.EnumerateArray().Zip(expected.EnumerateArray()).All(pair => Same(pair.First, pair.Second)),
            (JsonValueKind.String, JsonValueKind.String) => ours.GetString() == expected.GetString()
                || (
                    IsInstant(ours.GetString()!)
                    && IsInstant(expected.GetString()!)
                    && InstantOf(ours.GetString()!) == InstantOf(expected.GetString()!)
                ),
            _ => ours.GetRawText() == expected.GetRawText(),
        };

    private static bool IsInstant(string text) => OffsetDateTimePattern.ExtendedIso.Parse(text).Success;

    private static Instant InstantOf(string text) => OffsetDateTimePattern.ExtendedIso.Parse(text).Value.ToInstant();
}
