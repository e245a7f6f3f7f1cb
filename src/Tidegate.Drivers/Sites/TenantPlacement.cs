using System.Collections.Immutable;
using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Drivers.Sites;

/// <summary>Puts a tenant that no rollout has touched yet on its release: how a tenant enters a site. Rollouts move it from then on.</summary>
public sealed class TenantPlacement(SiteLayout layout, GenerationRuntime runtime, GatewayClient gateway)
{
    /// <summary>Below every lease's epoch: a rollout that has spoken for the tenant is never overruled.</summary>
    private const long Epoch = 0;

    /// <summary>
    /// Starts the generation where it does not run, gives it the database, and leads the tenant's hosts there. The
    /// database is provisioned and the bundle in the store by then. Running it again changes nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">A rollout has moved the tenant already.</exception>
    public async Task PlaceAsync(Pool pool, Tenant tenant, CancellationToken cancellationToken)
    {
        var ports = await runtime.EnsureAsync(
            new WantedGeneration(pool.Name, tenant.Release, pool.Workers, Preload: ImmutableArray<string>.Empty),
            cancellationToken
        );
        await new TenantProvisioning(layout.Cluster).GiveAsync(
            tenant.Database,
            DatabaseNames.Generation(pool.Name, tenant.Release),
            cancellationToken
        );
        var lists = await runtime.ListsAsync(pool.Name, tenant.Release, cancellationToken);
        if (!lists.TrySet(tenant.Database, Service.Full, Epoch))
        {
            throw new InvalidOperationException(
                $"A rollout has moved {tenant.Name} already; plan another to move it again."
            );
        }

        var route = new RouteChange(
            Epoch,
            tenant.Hosts,
            tenant.Database,
            TenantRouting.NameOf(pool.Name, tenant.Release),
            ports.Http,
            ports.Evented
        );
        await gateway.RouteAsync(tenant.Name, route, cancellationToken);
    }
}
