using Tidegate.Gateway.Holding;
using Tidegate.Gateway.Metering;
using Tidegate.Gateway.WebSockets;

namespace Tidegate.Gateway.Routing;

/// <summary>One tenant for as long as the gateway runs: its gate, tunnels and meters stay when its route changes.</summary>
internal sealed class Tenant(string name, TenantRoute first, TenantGate gate, TenantMeters meters) : IDisposable
{
    private volatile TenantRoute route = first;

    public string Name => name;

    public TenantGate Gate => gate;

    public TenantMeters Meters => meters;

    public TunnelSet Tunnels { get; } = new(gate);

    /// <summary>Read it after entering the gate: a request that waited goes where the tenant is then.</summary>
    public TenantRoute Route
    {
        get => route;
        set => route = value;
    }

    public void Dispose() => gate.Dispose();
}
