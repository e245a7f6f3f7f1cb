namespace Tidegate.Contracts.Backups;

/// <summary>A backup of a site's whole cluster.</summary>
/// <param name="Type"><c>full</c>, <c>differential</c> or <c>incremental</c>.</param>
/// <param name="Needs">Labels of the backups that it builds on.</param>
/// <param name="Databases">What it holds; PostgreSQL's own among them.</param>
/// <param name="Level">How many rungs of the ladder it has passed, of 6; from 5 on it is <paramref name="IsGood"/>.</param>
/// <param name="Finding">What is wrong with it; null when nothing is known to be.</param>
public sealed record BackupView(
    string Site,
    string Label,
    string Type,
    DateTimeOffset StartedAt,
    DateTimeOffset StoppedAt,
    string StartLsn,
    string StopLsn,
    long Bytes,
    long RepositoryBytes,
    IReadOnlyList<string> Needs,
    IReadOnlyList<string> Databases,
    int Level,
    bool IsGood,
    DateTimeOffset? VerifiedAt,
    string? Finding,
    BackupEvidenceView? Evidence
);

/// <summary>What the last verification saw.</summary>
/// <param name="Compared">Databases whose rows were compared with the site's.</param>
public sealed record BackupEvidenceView(
    string? CompleteTo,
    string? ReachedLsn,
    DateTimeOffset? LastCommit,
    double? FetchSeconds,
    double? ReplaySeconds,
    double? CheckSeconds,
    IReadOnlyList<string> Compared
);

/// <summary>How a site is protected.</summary>
/// <param name="Newest">The newest backup that nothing is known against.</param>
/// <param name="NewestProven">The newest that was restored and looked at.</param>
/// <param name="IsContinuous">Nothing is missing from the oldest backup to what was last archived.</param>
/// <param name="Gap">What is missing first.</param>
/// <param name="Problem">Why nothing is archived.</param>
public sealed record BackupStatusView(
    string Site,
    string? Newest,
    DateTimeOffset? NewestAt,
    string? NewestProven,
    DateTimeOffset? ProvenAt,
    DateTimeOffset? SeenAt,
    string? LastArchived,
    DateTimeOffset? LastArchivedAt,
    bool IsContinuous,
    string? Gap,
    string? Problem,
    double? FullEveryHours,
    double? DifferentialEveryHours
);

/// <summary>Makes a backup.</summary>
/// <param name="Site">Null where there is only one.</param>
public sealed record RunBackup(string Type, string? Site = null, string? Reason = null);

/// <summary>Proves a backup.</summary>
/// <param name="Label">Null for the newest.</param>
public sealed record VerifyBackup(string? Label = null, string? Site = null, string? Reason = null);

/// <summary>Says how often a site is backed up.</summary>
/// <param name="DifferentialEveryHours">Null for full ones only.</param>
public sealed record ScheduleBackups(double FullEveryHours, double? DifferentialEveryHours = null, string? Site = null);
