using Tidegate.Contracts.Gateway;
using Tidegate.Gateway.Forwarding;
using Tidegate.Gateway.Metering;

namespace Tidegate.Gateway.Routing;

/// <summary>Where a tenant's requests go now, with all that a request needs made beforehand. Immutable, swapped by reference.</summary>
internal sealed record TenantRoute(
    RouteChange Change,
    Upstream Http,
    Upstream Evented,
    GenerationTransformer Transformer,
    RouteMeter Meter
)
{
    public string Database => Change.Database;
}
