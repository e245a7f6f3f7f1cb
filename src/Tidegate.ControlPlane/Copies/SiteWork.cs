using System.Collections.Immutable;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.Copies;

/// <summary>What on a site must not be taken for a leftover.</summary>
/// <param name="Jobs">That have not ended.</param>
/// <param name="Upgrading">Databases of tenants whose upgrades have not ended.</param>
/// <param name="Tenants">Databases of the site's tenants.</param>
public sealed record SiteWork(
    ImmutableHashSet<JobId> Jobs,
    ImmutableHashSet<string> Upgrading,
    ImmutableHashSet<string> Tenants
);
