using System.Text.Json.Serialization;

namespace Tidegate.Contracts.Gateway;

/// <summary>How the control API's types are written: camel case, unknown keys refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(RouteChange))]
[JsonSerializable(typeof(HoldTerms))]
[JsonSerializable(typeof(LeaseRenewal))]
[JsonSerializable(typeof(GatewayProblem))]
[JsonSerializable(typeof(IReadOnlyList<GatewayTenantStatus>))]
public sealed partial class GatewayJson : JsonSerializerContext;
