using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.TenantBackups;

/// <summary>The kinds of job of this folder. All of one tenant run one after another, so nothing is removed that a backup is about to need.</summary>
public static class TenantBackupJobs
{
    public static readonly JobKind<TakeTenantBackup, TenantBackupTaken> Take = new("tenant-backup");
    public static readonly JobKind<VerifyTenantBackup, TenantBackupVerified> Verify = new("verify-tenant-backup");
    public static readonly JobKind<ExpireTenantBackups, TenantBackupsExpired> Expire = new("expire-tenant-backups");

    /// <summary>What works on one tenant's backups waits for each other.</summary>
    public static string Lane(TenantName tenant) => $"tenant:{tenant}";
}

/// <param name="KeepUntil">Not removed before; null where the class alone says when.</param>
public sealed record TakeTenantBackup(TenantName Tenant, BackupClass Kept, DateTimeOffset? KeepUntil = null);

/// <param name="Faults">What the source itself lacked; with any, the backup is kept and not good.</param>
public sealed record TenantBackupTaken(
    TenantBackupId Backup,
    long DatabaseBytes,
    long DumpBytes,
    int Files,
    long FileBytes,
    int NewFiles,
    long NewBytes,
    ImmutableArray<SourceFault> Faults,
    double Seconds
);

public sealed record VerifyTenantBackup(TenantBackupId Backup);

/// <param name="Findings">What is wrong with it, one sentence each; none for a good one.</param>
public sealed record TenantBackupVerified(
    TenantBackupId Backup,
    bool IsGood,
    ImmutableArray<string> Findings,
    int Files,
    int Tables,
    double RestoreSeconds
);

public sealed record ExpireTenantBackups(TenantName Tenant);

/// <param name="Backups">Those whose manifests were removed.</param>
/// <param name="Held">Objects that nobody needs and the store does not let go yet.</param>
public sealed record TenantBackupsExpired(ImmutableArray<TenantBackupId> Backups, int Objects, long Bytes, int Held);
