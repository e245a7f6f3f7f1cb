using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Protection;

/// <summary>A site at which an environment has tenants.</summary>
/// <param name="Tenants">The environment's own.</param>
/// <param name="All">Those of every environment.</param>
public sealed record EnvironmentSite(SiteName Site, IReadOnlySet<TenantName> Tenants, IReadOnlySet<TenantName> All);
