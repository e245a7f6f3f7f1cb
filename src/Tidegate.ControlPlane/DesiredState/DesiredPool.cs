using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState;

/// <summary>A place where things run.</summary>
public sealed record DesiredSite(SiteName Name) : INamed<SiteName>;

/// <summary>A group of Odoo processes of one site.</summary>
public sealed record DesiredPool(PoolName Name, SiteName Site, EnvironmentName Environment) : INamed<PoolName>
{
    public HostingModel Hosting { get; init; } = HostingModel.Shared;

    /// <summary>Web workers of each generation, 1 to 64.</summary>
    public int Workers { get; init; } = 2;

    public PoolOptions Options { get; init; } = new();
}
