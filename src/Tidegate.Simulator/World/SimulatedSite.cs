using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.World;

/// <summary>A site in memory: tenants, generations, and users who place orders.</summary>
public sealed class SimulatedSite
{
    private readonly Dictionary<TenantName, SimulatedTenant> tenants = [];
    private readonly Dictionary<(PoolName Pool, ReleaseDigest Release), HashSet<UpgradeId>> generations = [];
    private readonly Dictionary<(PoolName Pool, ReleaseDigest Release), int> routed = [];
    private readonly HashSet<(PoolName Pool, ReleaseDigest Release)> changed = [];
    private long lastOid = 16384;
    private long lastOrder;

    public IReadOnlyCollection<SimulatedTenant> Tenants => tenants.Values;

    /// <summary>What runs, and the upgrades that need it before a tenant is on it.</summary>
    public IReadOnlyDictionary<(PoolName Pool, ReleaseDigest Release), HashSet<UpgradeId>> Generations => generations;

    /// <summary>The tenants of a plan, each on its own current release.</summary>
    public static SimulatedSite Of(RolloutPlan plan)
    {
        var site = new SimulatedSite();
        foreach (var target in plan.Waves.SelectMany(wave => wave.Tenants).Select(tenant => tenant.Target))
        {
            site.Add(target);
        }

        return site;
    }

    public SimulatedTenant Tenant(TenantName name) => tenants[name];

    public long NextOid() => ++lastOid;

    /// <summary>Lets an effect of that epoch through, and none of a lower one from then on.</summary>
    /// <exception cref="StaleEpochException">The site has seen a higher one.</exception>
    public SimulatedTenant Enter(TenantName name, long epoch)
    {
        var tenant = tenants[name];
        if (tenant.Epoch > epoch)
        {
            throw new StaleEpochException(name, epoch);
        }

        tenant.Epoch = epoch;
        return tenant;
    }

    public void StartGeneration(PoolName pool, ReleaseDigest release, UpgradeId user)
    {
        if (!generations.TryGetValue((pool, release), out var users))
        {
            generations.Add((pool, release), users = []);
        }

        users.Add(user);
    }

    /// <summary>The upgrade needs the generation no more; what nobody needs stops.</summary>
    public void LeaveGeneration(PoolName pool, ReleaseDigest release, UpgradeId user)
    {
        if (!generations.TryGetValue((pool, release), out var users))
        {
            return;
        }

        users.Remove(user);
        if (users.Count == 0 && routed.GetValueOrDefault((pool, release)) == 0)
        {
            generations.Remove((pool, release));
        }
    }

    /// <summary>Somebody gives a generation other options by hand.</summary>
    public void Change(PoolName pool, ReleaseDigest release) => changed.Add((pool, release));

    /// <summary>Whether it runs with other options than it was made with.</summary>
    public bool IsChanged(PoolName pool, ReleaseDigest release) => changed.Contains((pool, release));

    /// <summary>Its processes start anew: with what it was made with.</summary>
    public void Restart(PoolName pool, ReleaseDigest release)
    {
        foreach (var tenant in ServedBy(pool, release).Where(tenant => tenant.Hold is null))
        {
            tenant.FailedRequests++; // nobody held them
        }

        changed.Remove((pool, release));
    }

    /// <summary>Tenants whose requests go there, by name.</summary>
    public IReadOnlyList<SimulatedTenant> ServedBy(PoolName pool, ReleaseDigest release) =>
        [
            .. tenants
                .Values.Where(tenant => tenant.Pool == pool && tenant.Route == release)
                .OrderBy(tenant => tenant.Name.Value, StringComparer.Ordinal),
        ];

    public void SetRoute(SimulatedTenant tenant, ReleaseDigest release)
    {
        routed[(tenant.Pool, tenant.Route)]--;
        tenant.Route = release;
        routed[(tenant.Pool, release)] = routed.GetValueOrDefault((tenant.Pool, release)) + 1;
    }

    /// <summary>A user places an order with a tenant.</summary>
    public void Order(TenantName name)
    {
        var tenant = tenants[name];
        var order = ++lastOrder;
        if (tenant.Hold is not null)
        {
            tenant.Held.Enqueue(order);
        }
        else
        {
            Serve(tenant, order);
        }
    }

    /// <summary>The gateway lets go: held requests are served in order, then none is held.</summary>
    public void Release(SimulatedTenant tenant)
    {
        while (tenant.Held.TryDequeue(out var order))
        {
            Serve(tenant, order);
        }

        tenant.Hold = null;
    }

    private void Serve(SimulatedTenant tenant, long order)
    {
        var isServed =
            generations.ContainsKey((tenant.Pool, tenant.Route))
            && tenant.Databases.TryGetValue(tenant.Database, out var live)
            && !live.IsClosed
            && live.Schema == tenant.Route
            && live.Writers.Contains(tenant.Route);
        if (isServed)
        {
            tenant.Live.Orders.Add(order);
            tenant.Acknowledged.Add(order);
        }
        else
        {
            tenant.FailedRequests++;
        }
    }

    private void Add(UpgradeTarget target)
    {
        var release = target.From.Digest;
        var tenant = new SimulatedTenant(target.Tenant, target.Pool, target.Database, release);
        tenant.Databases.Add(
            target.Database,
            new()
            {
                Oid = NextOid(),
                Schema = release,
                IsWhole = true,
                Writers = { release },
            }
        );
        tenants.Add(target.Tenant, tenant);
        routed[(target.Pool, release)] = routed.GetValueOrDefault((target.Pool, release)) + 1;
        generations.TryAdd((target.Pool, release), []);
    }
}
