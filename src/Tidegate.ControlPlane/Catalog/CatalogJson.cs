using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>How the catalogue writes and reads its files: indented, camel case, UTF-8.</summary>
public static class CatalogJson
{
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web)
        {
            WriteIndented = true,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

    /// <summary>For files that people write: an unknown key is an error.</summary>
    public static JsonSerializerOptions StrictOptions { get; } =
        new(Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };
}
