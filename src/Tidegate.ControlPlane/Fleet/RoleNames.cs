namespace Tidegate.ControlPlane.Fleet;

/// <summary>PostgreSQL roles of a site, by what they are for. A cutover gives and takes their rights; a check of live state knows them by name.</summary>
public static class RoleNames
{
    /// <summary>Owns every database of the site; not a superuser.</summary>
    public const string Site = "tidegate_site";

    /// <summary>NOLOGIN role that owns a tenant's tables.</summary>
    public static string Owner(string database) => $"own_{database}";

    /// <summary>Login role of a pool's generation.</summary>
    public static string Generation(PoolName pool, ReleaseDigest digest) => $"gen_{pool}_{digest.Hex[..8]}";

    /// <summary>Login role of a pool's migrators.</summary>
    public static string Migrator(PoolName pool) => $"mig_{pool}";

    /// <summary>Whether a role is a generation's or a migrator's: made by us, and given its rights by us alone.</summary>
    public static bool IsPoolRole(string role) =>
        role.StartsWith("gen_", StringComparison.Ordinal) || role.StartsWith("mig_", StringComparison.Ordinal);
}
