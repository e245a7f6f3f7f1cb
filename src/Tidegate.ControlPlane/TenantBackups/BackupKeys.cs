using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.TenantBackups;

/// <summary>Where a tenant's backups lie in its site's object store: everything of one tenant below one prefix, shared with no other.</summary>
public static class BackupKeys
{
    private const string ManifestsFolder = "manifests/";

    public static string Site(SiteName site) => $"tenant-backups/{site}/";

    /// <summary>Everything of a tenant: what an erasure removes.</summary>
    public static string Tenant(SiteName site, TenantName tenant) => $"{Site(site)}{tenant}/";

    public static string Manifests(SiteName site, TenantName tenant) => $"{Tenant(site, tenant)}{ManifestsFolder}";

    /// <summary>Of which tenant of the site the object is a manifest; null where it is none.</summary>
    public static TenantName? TenantOf(SiteName site, ObjectKey key) =>
        key.Value.StartsWith(Site(site), StringComparison.Ordinal)
        && key.Value[Site(site).Length..].Split('/') is [var tenant, _, _]
        && key.Value.StartsWith(Manifests(site, new(tenant)), StringComparison.Ordinal)
            ? new(tenant)
            : null;

    public static ObjectKey Manifest(SiteName site, TenantName tenant, TenantBackupId backup) =>
        ObjectKey.Create($"{Manifests(site, tenant)}{backup}.json");

    /// <summary>Of one attempt: what an earlier one left has another content.</summary>
    public static ObjectKey Dump(SiteName site, TenantName tenant, TenantBackupId backup, long epoch) =>
        ObjectKey.Create($"{Tenant(site, tenant)}dumps/{backup}-{epoch}");

    /// <param name="address">Says what the content is, in hexadecimal digits.</param>
    /// <param name="copy">0 for the first; the next where an earlier one is damaged.</param>
    public static ObjectKey File(SiteName site, TenantName tenant, string address, int copy) =>
        ObjectKey.Create($"{Tenant(site, tenant)}files/{address[..2]}/{address}{(copy == 0 ? "" : $".{copy}")}");
}
