using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.World;

/// <summary>A tenant's part of a site: its databases, its route through the gateway, its crons, its filestore's checkpoints.</summary>
public sealed class SimulatedTenant(TenantName name, PoolName pool, string database, ReleaseDigest release)
{
    public TenantName Name => name;

    public PoolName Pool => pool;

    public string Database => database;

    /// <summary>What exists in the cluster, by name.</summary>
    public Dictionary<string, SimulatedDatabase> Databases { get; } = new(StringComparer.Ordinal);

    /// <summary>The site's table <c>swap</c>: upgrades whose copy took the tenant's place, and the copy's OID.</summary>
    public Dictionary<UpgradeId, long> Swaps { get; } = [];

    /// <summary>The upgrade whose checkpoint became the tenant's database again, or is about to.</summary>
    public UpgradeId? Adopted { get; set; }

    /// <summary>Upgrades whose filestore checkpoint exists.</summary>
    public HashSet<UpgradeId> Links { get; } = [];

    /// <summary>The release whose generation the gateway sends requests to.</summary>
    public ReleaseDigest Route { get; set; } = release;

    /// <summary>The release whose cron process serves the tenant.</summary>
    public ReleaseDigest? Cron { get; set; } = release;

    /// <summary>The upgrade for which the gateway holds requests.</summary>
    public UpgradeId? Hold { get; set; }

    /// <summary>Held requests, first come first served.</summary>
    public Queue<long> Held { get; } = new();

    /// <summary>Orders whose answer a user has read.</summary>
    public List<long> Acknowledged { get; } = [];

    public int FailedRequests { get; set; }

    /// <summary>The highest epoch that the site has seen for the tenant.</summary>
    public long Epoch { get; set; }

    public SimulatedDatabase Live => Databases[database];
}
