using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Backups;

/// <summary>A backup with what was proven of it.</summary>
/// <param name="Level">How many rungs of the ladder it has passed; see <see cref="Rungs"/>.</param>
/// <param name="VerifiedAt">When it was last looked at; null when it never was.</param>
/// <param name="Finding">What is wrong with it; null when nothing is known to be.</param>
public sealed record StoredBackup(
    SiteName Site,
    ClusterBackup Backup,
    ImmutableArray<BackedUpDatabase> Databases,
    int Level,
    DateTimeOffset? VerifiedAt,
    string? Finding,
    VerificationEvidence? Evidence
)
{
    /// <summary>Restored, started, and looked at page by page: less is a hope.</summary>
    public bool IsGood => Finding is null && Level >= Rungs.Checked;

    /// <summary>Nothing is known against it.</summary>
    public bool IsUsable => Finding is null && !Backup.HasPageErrors;
}

/// <summary>The rungs of the ladder by which a backup is proven.</summary>
public static class Rungs
{
    public const int Exists = 1;

    /// <summary>Every file in the repository has its checksum.</summary>
    public const int Checksums = 2;

    /// <summary>Every segment of the log is there, from its beginning to now.</summary>
    public const int Continuity = 3;

    /// <summary>A server started from it and replayed the log to what was committed when it was asked for.</summary>
    public const int Restored = 4;

    /// <summary>pg_amcheck read every table and index of it.</summary>
    public const int Checked = 5;

    /// <summary>Tables of some tenants hold, row by row, what they held in the site. Not every verification comes so far: somebody may write all the time.</summary>
    public const int Compared = 6;
}

/// <summary>How a site's archive stands.</summary>
/// <param name="CompleteFrom">The first segment of the oldest backup; null when there is none.</param>
/// <param name="CompleteTo">Up to which nothing is missing.</param>
/// <param name="Gap">The first that is missing; null when nothing is.</param>
/// <param name="Problem">Why nothing is archived; null when it is.</param>
public sealed record ArchiveState(
    DateTimeOffset SeenAt,
    string? LastArchived,
    DateTimeOffset? LastArchivedAt,
    string? CompleteFrom,
    string? CompleteTo,
    string? Gap,
    string? Problem
);

/// <summary>What is known of a site's protection: what a gate asks.</summary>
/// <param name="Newest">The newest backup that nothing is known against; null when there is none.</param>
/// <param name="NewestProven">The newest that was restored and looked at; null when none was.</param>
/// <param name="Archive">Null when nobody has looked yet: that is no pass.</param>
public sealed record BackupFacts(SiteName Site, StoredBackup? Newest, StoredBackup? NewestProven, ArchiveState? Archive)
{
    /// <summary>Null when there is no backup.</summary>
    public TimeSpan? Age(DateTimeOffset now) => Newest is { } newest ? now - newest.Backup.StoppedAt : null;

    /// <summary>Nothing is missing from the newest backup to now, and what is written goes on being archived.</summary>
    public bool IsContinuous => Archive is { Gap: null, Problem: null, CompleteTo: not null };
}
