using System.Collections.Concurrent;
using Tidegate.Gateway.Holding;

namespace Tidegate.Gateway.WebSockets;

/// <summary>A tenant's open tunnels. They close when its gate does.</summary>
internal sealed class TunnelSet
{
    private readonly ConcurrentDictionary<TunnelStream, bool> tunnels = new();
    private readonly TenantGate gate;

    public TunnelSet(TenantGate gate)
    {
        this.gate = gate;
        gate.Closed = CloseAll;
    }

    public int Count => tunnels.Count;

    public void Add(TunnelStream tunnel)
    {
        tunnels.TryAdd(tunnel, true);
        if (gate.Mode is GateMode.Holding or GateMode.Maintenance)
        {
            _ = tunnel.CloseAsync(); // its handshake passed before the hold began
        }
    }

    public void Remove(TunnelStream tunnel) => tunnels.TryRemove(tunnel, out _);

    private void CloseAll()
    {
        foreach (var (tunnel, _) in tunnels)
        {
            _ = tunnel.CloseAsync();
        }
    }
}
