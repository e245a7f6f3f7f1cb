using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState;

/// <summary>A place where things run.</summary>
public sealed record DesiredSite(SiteName Name) : INamed<SiteName>
{
    /// <summary>Null where git leaves the cluster's backups to others.</summary>
    public ClusterBackupTerms? Backups { get; init; }

    /// <summary>Null where git leaves the tenants' backups to others.</summary>
    public TenantBackupTerms? TenantBackups { get; init; }
}

/// <summary>A group of Odoo processes of one site.</summary>
public sealed record DesiredPool(PoolName Name, SiteName Site, EnvironmentName Environment) : INamed<PoolName>
{
    public HostingModel Hosting { get; init; } = HostingModel.Shared;

    /// <summary>Web workers of each generation, 1 to 64.</summary>
    public int Workers { get; init; } = 2;

    public PoolOptions Options { get; init; } = new();
}
