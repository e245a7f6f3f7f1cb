using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.Copies;

/// <summary>A second instance of a tenant's data that somebody has made.</summary>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Purpose">Why it is kept, for people.</param>
/// <param name="Job">The job that made it or works on it: until that has ended nobody drops it. Null for none.</param>
/// <param name="Database">In the site's cluster; null when there is none.</param>
/// <param name="Folder">Absolute; null when it has no files of its own.</param>
/// <param name="Bytes">What it takes on disk, as far as it is known.</param>
/// <param name="ExpiresAt">Null where nothing ends it by itself.</param>
public sealed record NewCopy(
    CopyKind Kind,
    TenantName Tenant,
    SiteName Site,
    string Owner,
    string Purpose,
    JobId? Job,
    string? Database,
    string? Folder,
    long Bytes,
    bool IsMasked,
    DateTimeOffset? ExpiresAt
);

/// <summary>A copy that is there.</summary>
/// <param name="IsInUse">Its job has not ended.</param>
public sealed record DataCopy(CopyId Id, NewCopy What, DateTimeOffset MadeAt, bool IsInUse)
{
    /// <summary>What it is found by on its site.</summary>
    public string Place => What.Database ?? What.Folder!;
}
