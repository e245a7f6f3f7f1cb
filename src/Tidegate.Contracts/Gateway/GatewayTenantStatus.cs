using System.Text.Json.Serialization;

namespace Tidegate.Contracts.Gateway;

/// <summary>Whether a tenant's requests pass.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GateState>))]
public enum GateState
{
    /// <summary>Requests pass.</summary>
    Open,

    /// <summary>Requests wait. The holder moves it on by a release, or time does: lease or bound over means <see cref="Maintenance"/>.</summary>
    Holding,

    /// <summary>Held requests are going out in order; later ones queue behind them. It becomes <see cref="Open"/> by itself.</summary>
    Releasing,

    /// <summary>Every request gets the maintenance page. Only a renewal within the bound or a release by the holder moves it on.</summary>
    Maintenance,
}

/// <summary>What the gateway knows of a tenant now.</summary>
/// <param name="Hold">The id of the hold that is on or has lapsed; null when there is none.</param>
/// <param name="Reason">Why the state is <see cref="GateState.Maintenance"/>, for people.</param>
/// <param name="InFlight">HTTP requests on their way to a generation or back, handshakes included, held ones not.</param>
/// <param name="Held">Requests waiting now.</param>
/// <param name="HeldBytes">Bytes of their bodies kept here.</param>
/// <param name="WebSockets">Tunnels open now.</param>
/// <param name="Answered">Requests that the generation of <paramref name="Route"/> has answered since the gateway knows both.</param>
/// <param name="Failed">Of these, the ones that failed by the server's fault: status 500 and above, or a JSON-RPC error that no user caused.</param>
public sealed record GatewayTenantStatus(
    string Tenant,
    RouteChange Route,
    GateState State,
    string? Hold,
    string? Reason,
    int InFlight,
    int Held,
    long HeldBytes,
    int WebSockets,
    long Answered,
    long Failed
)
{
    /// <summary>Nothing of the tenant is on its way through the gateway, and nothing new sets out.</summary>
    [JsonIgnore]
    public bool IsDrained => State is GateState.Holding or GateState.Maintenance && InFlight == 0 && WebSockets == 0;
}
