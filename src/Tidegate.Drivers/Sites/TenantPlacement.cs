using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Drivers.Sites;

/// <summary>Puts a tenant that no rollout has touched yet on its release: how a tenant enters a site. Rollouts move it from then on.</summary>
public sealed class TenantPlacement(
    GenerationRuntime runtime,
    TenantProvisioning provisioning,
    ITenantObserver observer,
    GatewayClient gateway
) : ITenantPlacement
{
    /// <summary>Below every lease's epoch: a rollout that has spoken for the tenant is never overruled.</summary>
    private const long Epoch = 0;

    /// <inheritdoc />
    public async Task<string?> PlaceAsync(Tenant tenant, Pool pool, CancellationToken cancellationToken)
    {
        if (await observer.ObserveAsync(tenant, cancellationToken) is TenantObservation.Unreadable unreadable)
        {
            return unreadable.Reason;
        }

        var ports = await runtime.EnsureAsync(
            new WantedGeneration(pool.Name, tenant.Release, pool.Workers, Preload: []),
            cancellationToken
        );
        var lists = await runtime.ListsAsync(pool.Name, tenant.Release, cancellationToken);
        if (!lists.TrySet(tenant.Database, Service.Full, Epoch))
        {
            return null; // a rollout has brought it here
        }

        await provisioning.GiveAsync(
            tenant.Database,
            DatabaseNames.Generation(pool.Name, tenant.Release),
            cancellationToken
        );
        var route = new RouteChange(
            Epoch,
            tenant.Hosts,
            tenant.Database,
            TenantRouting.NameOf(pool.Name, tenant.Release),
            ports.Http,
            ports.Evented
        );
        await gateway.RouteAsync(tenant.Name, route, cancellationToken);
        return null;
    }
}
