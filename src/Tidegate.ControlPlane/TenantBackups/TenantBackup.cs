using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.TenantBackups;

/// <summary>A tenant's backup, as the control database has it.</summary>
/// <param name="Kept">Why it is kept: see <see cref="BackupClass"/>.</param>
/// <param name="KeepUntil">It is not removed before; null where its class alone says when.</param>
/// <param name="Manifest">Key of its manifest in the site's object store.</param>
/// <param name="ManifestSha256">Of the manifest: one that was exchanged is found.</param>
/// <param name="DumpBytes">Of the dump, before encryption.</param>
/// <param name="FileBytes">Of all its files, before encryption.</param>
/// <param name="NewBytes">Of what it was the first to need.</param>
/// <param name="Faults">Files that the source itself lacked.</param>
/// <param name="Verification">Null until it was verified.</param>
/// <param name="ExpiredAt">When its manifest was removed; null while it is kept.</param>
public sealed record TenantBackup(
    TenantBackupId Id,
    TenantName Tenant,
    SiteName Site,
    JobId Job,
    BackupClass Kept,
    DateTimeOffset? KeepUntil,
    DateTimeOffset TakenAt,
    string Release,
    string Manifest,
    string ManifestSha256,
    bool IsEncrypted,
    long DatabaseBytes,
    long DumpBytes,
    int Files,
    long FileBytes,
    long NewBytes,
    int Faults,
    BackupVerification? Verification,
    DateTimeOffset? ExpiredAt
)
{
    /// <summary>Whether it holds all that its source should have had, and nothing is known against it.</summary>
    public bool IsGood => Faults == 0 && Verification is null or { IsGood: true };
}

/// <summary>What a verification found.</summary>
/// <param name="Finding">One sentence.</param>
public sealed record BackupVerification(DateTimeOffset At, bool IsGood, string Finding);

/// <summary>Why a backup is kept.</summary>
public enum BackupClass
{
    /// <summary>Taken on schedule: thinned out as it grows older.</summary>
    Scheduled,

    /// <summary>Somebody wanted it: kept until the day they named.</summary>
    Manual,

    /// <summary>Proof for an audit: kept until somebody lets it go.</summary>
    Evidence,
}
