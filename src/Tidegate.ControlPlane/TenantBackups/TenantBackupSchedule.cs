namespace Tidegate.ControlPlane.TenantBackups;

/// <summary>How often this server's sites back their tenants up.</summary>
/// <param name="Every">A tenant whose newest backup is older gets another; null for none but those that people order.</param>
public sealed record TenantBackupSchedule(TimeSpan? Every)
{
    /// <summary>A tenant none of whose backups was proven for this long has its newest proven.</summary>
    public static readonly TimeSpan VerifyEvery = TimeSpan.FromDays(7);

    public static readonly TimeSpan ExpireEvery = TimeSpan.FromDays(1);
}
