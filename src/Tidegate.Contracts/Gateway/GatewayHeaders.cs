namespace Tidegate.Contracts.Gateway;

/// <summary>Headers that the gateway puts on answers.</summary>
public static class GatewayHeaders
{
    /// <summary>On the answer of a request that was held and then answered: how long it waited at the gate, in milliseconds.</summary>
    public const string Held = "X-Tidegate-Held";
}
