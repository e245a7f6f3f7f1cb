using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>Names made from a tenant's database, a pool or an upgrade. <see cref="NameRules.DerivedNameBytes"/> keeps room for them.</summary>
public static class DatabaseNames
{
    /// <summary>Owns every database of the site; not a superuser.</summary>
    public const string SiteRole = RoleNames.Site;

    /// <summary>Owns the control plane's own database and can touch no tenant. Brings it up to date, backs it up.</summary>
    public const string ControlRole = "tidegate_control";

    /// <summary>As whom servers work in it: they own nothing there, and can change no entry of the ledger.</summary>
    public const string ServerRole = "tidegate_server";

    /// <summary>The control plane's database.</summary>
    public const string ControlDatabase = "tidegate";

    /// <summary>The copy that a migration works on.</summary>
    public static string Next(string database) => $"{database}__next";

    /// <summary>The checkpoint that a swap leaves.</summary>
    public static string Old(string database, UpgradeId upgrade) => $"{database}__old_{upgrade.Short}";

    /// <summary>A state of the tenant that a job has brought, until it takes the tenant's place or gets a name of its own.</summary>
    public static string Back(string database, JobId job) => $"{database}__back_{job.Short}";

    /// <summary>NOLOGIN role that owns a tenant's tables.</summary>
    public static string Owner(string database) => RoleNames.Owner(database);

    /// <summary>Login role of a pool's generation.</summary>
    public static string Generation(PoolName pool, ReleaseDigest digest) => RoleNames.Generation(pool, digest);

    /// <summary>Whether a role is a generation's or a migrator's: made by us, and given its rights by us alone.</summary>
    public static bool IsPoolRole(string role) => RoleNames.IsPoolRole(role);

    /// <summary>Login role of a pool's migrators.</summary>
    public static string Migrator(PoolName pool) => RoleNames.Migrator(pool);
}
