using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Simulator.World;

/// <summary>One database of the simulated cluster.</summary>
public sealed class SimulatedDatabase
{
    /// <summary>Owns every database of the site.</summary>
    internal const string SiteRole = RoleNames.Site;

    public required long Oid { get; init; }

    /// <summary>The role that owns it.</summary>
    public string Owner { get; set; } = SiteRole;

    /// <summary>The release whose modules it holds.</summary>
    public required ReleaseDigest Schema { get; set; }

    /// <summary>Nobody but the site's role may connect (<c>ALLOW_CONNECTIONS false</c>).</summary>
    public bool IsClosed { get; set; }

    /// <summary>A copy under way is in the catalogue before its files are all there.</summary>
    public bool IsWhole { get; set; }

    public bool MigrationBegan { get; set; }

    public bool MigrationEnded { get; set; }

    /// <summary>The releases whose generations may connect and write.</summary>
    public HashSet<ReleaseDigest> Writers { get; } = [];

    /// <summary>The orders in it, in the order in which they were taken.</summary>
    public List<long> Orders { get; private init; } = [];

    /// <summary>A template copy: the data, and nothing that a template copy loses.</summary>
    public SimulatedDatabase Copy(long oid) =>
        new()
        {
            Oid = oid,
            Schema = Schema,
            IsClosed = true,
            Orders = [.. Orders],
        };
}
