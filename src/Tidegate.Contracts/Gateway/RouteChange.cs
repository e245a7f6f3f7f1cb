namespace Tidegate.Contracts.Gateway;

/// <summary>Where a tenant's requests go. Body of <c>PUT /v1/tenants/{tenant}/route</c>; the same body twice is the same as once.</summary>
/// <remarks>It changes only the way, never whether the gate is open: a tenant on hold stays on hold. A new tenant begins open.</remarks>
/// <param name="Epoch">The caller's fencing number. Lower than one seen for this tenant: 409, <see cref="GatewayProblems.StaleEpoch"/>.</param>
/// <param name="Hosts">Host names without port. A name that another tenant has: 409, <see cref="GatewayProblems.HostTaken"/>.</param>
/// <param name="Database">What the generation is told in <c>X-Tidegate-Database</c>.</param>
/// <param name="Generation">Names the generation in meters.</param>
/// <param name="HttpPort">Loopback port of the generation's web workers.</param>
/// <param name="EventedPort">Loopback port for <c>/websocket</c> and <c>/longpolling</c>.</param>
public sealed record RouteChange(
    long Epoch,
    IReadOnlyList<string> Hosts,
    string Database,
    string Generation,
    int HttpPort,
    int EventedPort
);
