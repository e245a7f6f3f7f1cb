namespace Tidegate.Contracts.TenantBackups;

/// <summary>A backup of one tenant: its database and its files at one instant.</summary>
/// <param name="Kept"><c>scheduled</c>, <c>manual</c> or <c>evidence</c>.</param>
/// <param name="KeepUntil">It is not removed before; null where its class says when.</param>
/// <param name="IsGood">False when its source lacked files, or a verification found something.</param>
/// <param name="DumpBytes">Of the dump, before encryption.</param>
/// <param name="NewBytes">Of what no earlier backup had stored.</param>
/// <param name="Faults">Files that the source itself lacked.</param>
/// <param name="Verified">Null until it was read back and restored.</param>
/// <param name="Manifest">Key of the manifest in the site's object store.</param>
/// <param name="ExpiredAt">When it was removed; null while it is kept.</param>
public sealed record TenantBackupView(
    string Id,
    string Tenant,
    string Site,
    string Job,
    string Kept,
    DateTimeOffset? KeepUntil,
    DateTimeOffset TakenAt,
    string Release,
    bool IsGood,
    bool IsEncrypted,
    long DatabaseBytes,
    long DumpBytes,
    int Files,
    long FileBytes,
    long NewBytes,
    int Faults,
    BackupVerificationView? Verified,
    string Manifest,
    string ManifestSha256,
    DateTimeOffset? ExpiredAt
);

/// <param name="Finding">One sentence.</param>
public sealed record BackupVerificationView(DateTimeOffset At, bool IsGood, string Finding);

/// <summary>The newest backup of each tenant that has one.</summary>
/// <param name="Next">Ask for the page after this tenant; null on the last.</param>
/// <param name="Without">Names of tenants that have none; the first hundred.</param>
public sealed record TenantBackupList(
    IReadOnlyList<TenantBackupView> Backups,
    string? Next,
    IReadOnlyList<string> Without,
    long TenantsWithout
);

/// <summary>Takes a backup of a tenant.</summary>
/// <param name="KeepDays">How long it is kept at least; 30 when nothing is said.</param>
/// <param name="Evidence">Kept until somebody lets it go.</param>
public sealed record TakeBackup(int? KeepDays = null, bool Evidence = false, string? Reason = null)
{
    public const int DefaultDays = 30;
}

/// <param name="Reason">Why; kept in the ledger.</param>
public sealed record OrderReason(string? Reason = null);
