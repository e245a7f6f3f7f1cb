using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tidegate.Contracts.Gateway;

namespace Tidegate.Gateway.Control;

/// <summary>What a gateway must know after its own end, by tenant.</summary>
/// <param name="Version">Of this form; another one is refused.</param>
internal sealed record SavedState(int Version, ImmutableSortedDictionary<string, SavedTenant> Tenants)
{
    public const int CurrentVersion = 1;

    public static readonly SavedState Empty = new(
        CurrentVersion,
        ImmutableSortedDictionary.Create<string, SavedTenant>(StringComparer.Ordinal)
    );
}

/// <param name="Epoch">The highest that has spoken for the tenant. It outlives the route.</param>
/// <param name="Route">Null when the tenant was taken away.</param>
/// <param name="Hold">The hold that is on, or has lapsed and was not released.</param>
internal sealed record SavedTenant(long Epoch, RouteChange? Route, SavedHold? Hold);

internal sealed record SavedHold(string Id, DateTimeOffset BoundEndsAt, int MaxRequests, long MaxBytes);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(SavedState))]
internal sealed partial class SavedStateJson : JsonSerializerContext;
