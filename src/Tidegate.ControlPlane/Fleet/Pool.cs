namespace Tidegate.ControlPlane.Fleet;

/// <summary>How many tenants share a pool's processes.</summary>
public enum HostingModel
{
    /// <summary>Many tenants on the same processes.</summary>
    Shared,

    /// <summary>One tenant only.</summary>
    Dedicated,
}

/// <summary>A named group of Odoo processes of one site.</summary>
/// <param name="Workers">Web workers of each generation.</param>
public sealed record Pool(PoolName Name, SiteName Site, EnvironmentName Environment, HostingModel Hosting, int Workers)
{
    /// <summary>What of Odoo's options differs from <see cref="PoolOptions.Defaults"/>; null is nothing.</summary>
    public PoolOptions? Options { get; init; }
}
