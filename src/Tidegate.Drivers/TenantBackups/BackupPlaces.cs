using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>Where a tenant's data is and where its backups go.</summary>
/// <param name="Retention">Of the same store: asked for locks here, and for removals by <see cref="RetentionRun"/> alone.</param>
/// <param name="LockFor">How long the store is to hold every object of a new backup; null for not at all.</param>
public sealed record BackupPlaces(
    SiteLayout Layout,
    SitePostgres Site,
    IObjectStore Objects,
    IObjectRetention Retention,
    TimeSpan? LockFor = null
);
