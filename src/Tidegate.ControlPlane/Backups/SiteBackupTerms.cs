using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Backups;

/// <summary>How a site's data is backed up and how long that is kept, as git says it.</summary>
/// <param name="Cluster">Null where git leaves the cluster's backups to others.</param>
/// <param name="Tenants">Null where git leaves the tenants' backups to others.</param>
public sealed record SiteBackupTerms(SiteName Site, ClusterBackupTerms? Cluster, TenantBackupTerms? Tenants);

/// <summary>Backups of a site's whole cluster.</summary>
public sealed record ClusterBackupTerms(TimeSpan FullEvery)
{
    /// <summary>Null for full ones only.</summary>
    public TimeSpan? DifferentialEvery { get; init; }

    /// <summary>Full backups that are kept, with what builds on them and the log since the oldest.</summary>
    public int FullsKept { get; init; } = DefaultFullsKept;

    /// <summary>Where nobody says otherwise.</summary>
    public const int DefaultFullsKept = 2;
}

/// <summary>Backups of each tenant of a site.</summary>
/// <param name="Every">A tenant whose newest backup is older gets another.</param>
public sealed record TenantBackupTerms(TimeSpan Every)
{
    public RetentionRules Kept { get; init; } = RetentionRules.Default;
}
