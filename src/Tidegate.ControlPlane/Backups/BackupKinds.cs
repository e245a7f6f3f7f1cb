using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.Backups;

/// <summary>The jobs that make backups of a site's cluster and prove them.</summary>
public static class BackupKinds
{
    /// <summary>Of a site's jobs that make, prove or expire cluster backups one runs at a time.</summary>
    public const string Lane = "cluster";

    public static readonly JobKind<BackupJob, BackupResult> Backup = new("backup");

    public static readonly JobKind<VerifyBackupJob, VerifyBackupResult> Verify = new("verify-backup");

    /// <summary>Orders a backup. One of the same type that is not done yet is enough; of another type it is not.</summary>
    public static JobOrder<BackupJob> Order(SiteName site, BackupType type, string actor, string? reason) =>
        new(site, site.Value, new BackupJob(type), actor, reason, Lane, $"backup:{site}:{type}");
}

/// <summary>Make a backup of the whole cluster.</summary>
public sealed record BackupJob(BackupType Type);

/// <param name="Type">A full one also where another was asked for and there was none to build on.</param>
public sealed record BackupResult(string Label, BackupType Type, long Size, long RepositorySize, double Seconds);

/// <summary>Prove a backup.</summary>
/// <param name="Label">Null for the newest.</param>
public sealed record VerifyBackupJob(string? Label);

/// <summary>What was proven. A backup that did not pass fails the job instead.</summary>
public sealed record VerifyBackupResult(string Label, int Level, VerificationEvidence Evidence);

/// <summary>What a verification saw, for those who want to know how long a recovery takes.</summary>
/// <param name="CompleteTo">The last segment of the log up to which nothing is missing.</param>
/// <param name="ReachedLsn">Where the restored cluster's replaying ended.</param>
/// <param name="LastCommit">Of what it had.</param>
/// <param name="FetchSeconds">Copying the whole cluster out of the repository.</param>
/// <param name="ReplaySeconds">Starting it and replaying the log up to now.</param>
/// <param name="CheckSeconds">Looking at every table and index, and comparing.</param>
/// <param name="Compared">Databases whose rows were compared with the site's; null when none could be.</param>
public sealed record VerificationEvidence(
    string? CompleteTo = null,
    string? ReachedLsn = null,
    DateTimeOffset? LastCommit = null,
    double? FetchSeconds = null,
    double? ReplaySeconds = null,
    double? CheckSeconds = null,
    IReadOnlyList<string>? Compared = null
);
