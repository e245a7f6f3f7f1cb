using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Following;

/// <summary>Reads what there is of the pools and tenants that are to be settled, whatever the size of the fleet.</summary>
public sealed class LiveFleetReader(FleetStore fleet, SiteStore sites, IReleaseNames releases)
{
    public async Task<LiveFleet> ReadAsync(
        DesiredFleet desired,
        IReadOnlyCollection<UnsettledObject> open,
        CancellationToken cancellationToken
    )
    {
        var pools = (await fleet.PoolsAsync(cancellationToken)).ToImmutableDictionary(pool => pool.Name);
        var tenants = await fleet.FindAsync(
            open.Where(each => each.Kind is UnsettledKind.Tenant).Select(each => new TenantName(each.Name)),
            cancellationToken
        );
        var moved = open.Where(each => each.Kind is UnsettledKind.Pool)
            .Select(each => new PoolName(each.Name))
            .Where(pool => IsMoved(pools.GetValueOrDefault(pool), desired.Pools.Find(pool)))
            .ToList();
        return new(
            pools,
            tenants.ToImmutableDictionary(member => member.Tenant.Name),
            moved.Count == 0
                ? ImmutableDictionary<PoolName, PoolOccupancy>.Empty
                : (await fleet.OccupancyAsync(moved, cancellationToken)).ToImmutableDictionary(),
            [.. (await sites.ListAsync(cancellationToken)).Keys],
            [.. (await releases.NamesAsync(cancellationToken)).Values]
        );
    }

    /// <summary>Tenants that are known and that git does not name.</summary>
    public async Task<IReadOnlyList<TenantName>> StraysAsync(
        DesiredFleet desired,
        CancellationToken cancellationToken
    ) => [.. (await fleet.NamesAsync(cancellationToken)).Where(name => desired.Tenants.Find(name) is null)];

    /// <summary>Those of these tenants that a rollout works on or will, with the rollout.</summary>
    public async Task<IReadOnlyDictionary<TenantName, string>> BusyAsync(
        IReadOnlyCollection<TenantName> tenants,
        CancellationToken cancellationToken
    ) =>
        (await fleet.FindAsync(tenants, cancellationToken))
            .Where(member => member.BusyWith is not null)
            .ToDictionary(member => member.Tenant.Name, member => member.BusyWith!);

    private static bool IsMoved(Pool? known, DesiredPool? desired) =>
        known is not null
        && desired is not null
        && (known.Site != desired.Site || known.Environment != desired.Environment);
}
