using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tidegate.Contracts;

/// <summary>The JSON form of everything that goes over the API and out of <c>--json</c>. What is null is written: a reader finds every key always.</summary>
public static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>The same for people.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented) =>
        new(JsonSerializerDefaults.Web)
        {
            WriteIndented = indented,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
        };
}
