using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>How facts are read; generated, because hundreds of modules are read on every validation.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ModuleFacts))]
[JsonSerializable(typeof(MissingPython))]
[JsonSerializable(typeof(InspectionRequest))]
[JsonSerializable(typeof(PythonQuestion))]
[JsonSerializable(typeof(PythonEnvironment))]
public sealed partial class FactsJson : JsonSerializerContext;
