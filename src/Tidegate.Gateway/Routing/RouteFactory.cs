using Tidegate.Contracts.Gateway;
using Tidegate.Gateway.Forwarding;
using Tidegate.Gateway.Holding;
using Tidegate.Gateway.Metering;

namespace Tidegate.Gateway.Routing;

/// <summary>Makes of a route's description what requests need.</summary>
internal sealed class RouteFactory(Upstreams upstreams, GatewayOptions options, TimeProvider clock)
{
    public Tenant CreateTenant(string name, RouteChange change)
    {
        var meters = new TenantMeters();
        return new Tenant(name, Create(meters, change), new TenantGate(clock), meters);
    }

    public TenantRoute Create(TenantMeters meters, RouteChange change)
    {
        var meter = meters.For(change.Generation);
        return new TenantRoute(
            change,
            upstreams.Http(change.HttpPort),
            upstreams.Evented(change.EventedPort),
            new GenerationTransformer(change.Database, options.ForwardedProto, meter),
            meter
        );
    }
}
