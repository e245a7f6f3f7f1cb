using System.Collections.Immutable;
using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Sites;

/// <summary>Puts tenants that no rollout has touched yet on their release: how tenants enter a site. Rollouts move them from then on.</summary>
public sealed class TenantPlacement(
    SiteLayout layout,
    GenerationRuntime runtime,
    TenantProvisioning provisioning,
    ITenantObserver observer,
    GatewayClient gateway
) : ITenantPlacement
{
    /// <summary>Below every lease's epoch: a rollout that has spoken for the tenant is never overruled.</summary>
    private const long Epoch = 0;

    private readonly BundleStore _bundles = new(layout.Bundles);

    /// <inheritdoc />
    public async Task<ImmutableArray<UnplacedTenant>> PlaceAsync(
        IReadOnlyList<FleetMember> members,
        CancellationToken cancellationToken
    )
    {
        var generations = members.GroupBy(member => (member.Pool, member.Tenant.Release));
        var unplaced = await Task.WhenAll(
            generations.Select(generation =>
                TryAsync(
                    generation.Key.Pool,
                    generation.Key.Release,
                    [.. generation.Select(member => member.Tenant)],
                    cancellationToken
                )
            )
        );
        return [.. unplaced.SelectMany(tenants => tenants)];
    }

    /// <summary>A generation that cannot be started, or a gateway that refuses, is in the way of its own tenants only.</summary>
    private async Task<IEnumerable<UnplacedTenant>> TryAsync(
        Pool pool,
        ReleaseDigest release,
        ImmutableArray<Tenant> tenants,
        CancellationToken cancellationToken
    )
    {
        string? obstacle;
        try
        {
            obstacle = await PlaceAsync(pool, release, tenants, cancellationToken);
        }
        catch (Exception exception) when (exception is ProcessStartException or GatewayRefusedException)
        {
            obstacle = exception.Message;
        }

        return obstacle is null ? [] : tenants.Select(tenant => new UnplacedTenant(tenant.Name, obstacle));
    }

    private async Task<string?> PlaceAsync(
        Pool pool,
        ReleaseDigest release,
        ImmutableArray<Tenant> tenants,
        CancellationToken cancellationToken
    )
    {
        ImmutableHashSet<string>? common = null;
        foreach (var tenant in tenants)
        {
            switch (await observer.ObserveAsync(tenant, cancellationToken))
            {
                case TenantObservation.Unreadable unreadable:
                    return unreadable.Reason;
                case TenantObservation.Seen seen:
                    common = common?.Intersect(seen.Installed.Keys) ?? [.. seen.Installed.Keys];
                    break;
            }
        }

        if (!await provisioning.HonoursRoleSettingAsync(tenants[0].Database, cancellationToken))
        {
            return "this PostgreSQL does not honour the role that is set for a role in a database, on which the rights of tenants rest; update it to the next minor version (15.10, 16.6 and 17.2 do).";
        }

        var preload = _bundles.Find(release) is { } bundle && common is not null ? PreloadOrder.Of(bundle, common) : [];
        var ports = await runtime.EnsureAsync(
            new(pool.Name, release, pool.Workers, preload) { Options = pool.Options },
            cancellationToken
        );
        foreach (var tenant in tenants)
        {
            await ServeAsync(tenant, ports, cancellationToken);
        }

        return null;
    }

    private async Task ServeAsync(Tenant tenant, GenerationPorts ports, CancellationToken cancellationToken)
    {
        var lists = await runtime.ListsAsync(tenant.Pool, tenant.Release, cancellationToken);
        if (!lists.TrySet(tenant.Database, Service.Full, Epoch))
        {
            await RenameAsync(tenant, cancellationToken); // a rollout has brought it here
            return;
        }

        await provisioning.GiveAsync(
            tenant.Database,
            DatabaseNames.Generation(tenant.Pool, tenant.Release),
            cancellationToken
        );
        var route = new RouteChange(
            Epoch,
            tenant.Hosts,
            tenant.Database,
            TenantRouting.NameOf(tenant.Pool, tenant.Release),
            ports.Http,
            ports.Evented
        );
        await gateway.RouteAsync(tenant.Name, route, cancellationToken);
    }

    /// <summary>Other host names lead where the last rollout brought the tenant. One that speaks meanwhile has a higher epoch, and is right.</summary>
    private async Task RenameAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        if (
            await gateway.FindAsync(tenant.Name, cancellationToken) is { Route: var route }
            && !route.Hosts.SequenceEqual(tenant.Hosts, StringComparer.Ordinal)
        )
        {
            await gateway.RouteAsync(tenant.Name, route with { Hosts = tenant.Hosts }, cancellationToken);
        }
    }
}
