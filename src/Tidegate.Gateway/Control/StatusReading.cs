using System.Diagnostics;
using Tidegate.Contracts.Gateway;
using Tidegate.Gateway.Holding;
using Tidegate.Gateway.Routing;

namespace Tidegate.Gateway.Control;

/// <summary>A tenant's state in the words of the control API.</summary>
internal static class StatusReading
{
    /// <param name="epoch">The highest that has spoken for the tenant.</param>
    public static GatewayTenantStatus Of(Tenant tenant, long epoch)
    {
        var (held, bytes) = tenant.Gate.Held;
        var (state, hold, reason) = tenant.Gate.Mode switch
        {
            GateMode.Open => (GateState.Open, null, null),
            GateMode.Releasing => (GateState.Releasing, null, null),
            GateMode.Holding on => (GateState.Holding, on.Lease.Hold, null),
            GateMode.Maintenance over => (GateState.Maintenance, over.Lease.Hold, over.Reason),
            _ => throw new UnreachableException(),
        };
        var route = tenant.Route;
        return new GatewayTenantStatus(
            tenant.Name,
            route.Change with
            {
                Epoch = epoch,
            },
            state,
            hold,
            reason,
            tenant.Gate.InFlight,
            held,
            bytes,
            tenant.Tunnels.Count,
            route.Meter.Requests,
            route.Meter.ServerFaults
        );
    }
}
