namespace Tidegate.Contracts.Gateway;

/// <summary>The gateway's refusals: <c>type</c> of the <c>application/problem+json</c> answer. 409 unless said otherwise.</summary>
public static class GatewayProblems
{
    /// <summary>A higher epoch has spoken for this tenant: the caller is old, must stop and ask.</summary>
    public const string StaleEpoch = "urn:tidegate:gateway:stale-epoch";

    /// <summary>Another hold is on; only a higher epoch takes it over.</summary>
    public const string HoldTaken = "urn:tidegate:gateway:hold-taken";

    /// <summary>The host name is another tenant's.</summary>
    public const string HostTaken = "urn:tidegate:gateway:host-taken";

    /// <summary>404: the gateway has no route for this tenant.</summary>
    public const string UnknownTenant = "urn:tidegate:gateway:unknown-tenant";

    /// <summary>400: a value is out of its range; the detail names it.</summary>
    public const string Invalid = "urn:tidegate:gateway:invalid";
}

/// <summary>RFC 9457, as much of it as the gateway uses.</summary>
public sealed record GatewayProblem(string Type, string Title, int Status, string Detail);
