using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Recovery;

/// <summary>What is to be restored beside the site.</summary>
/// <param name="Job">For whom: it is removed with the job.</param>
/// <param name="BackupLabel">Null for the newest backup from which the target can be reached.</param>
/// <param name="Databases">By the names that they have at the target; none for all.</param>
public sealed record SideRestore(
    JobId Job,
    string? BackupLabel,
    RecoveryTarget Target,
    ImmutableArray<string> Databases
);

/// <summary>A private PostgreSQL beside the site's, running.</summary>
/// <param name="Folder">Its data in <c>data</c>, its socket, its logs.</param>
/// <param name="Recovery">How it came to be; null when it began empty.</param>
public sealed record SideCluster(SitePostgres Postgres, string Folder, RecoveryReport? Recovery);

/// <summary>What a recovery did.</summary>
/// <param name="ReachedLsn">Where replaying ended.</param>
/// <param name="LastCommit">When the last transaction that it has was committed; null when none was replayed.</param>
/// <param name="Fetch">How long copying out of the repository took.</param>
/// <param name="Replay">How long starting and replaying the log took.</param>
/// <param name="InvalidPages">
/// By database OID, pages that the log speaks of and that are not there. Only databases that were left out have any:
/// a single one of a wanted database fails the restore.
/// </param>
public sealed record RecoveryReport(
    string BackupLabel,
    string ReachedLsn,
    DateTimeOffset? LastCommit,
    TimeSpan Fetch,
    TimeSpan Replay,
    ImmutableDictionary<long, int> InvalidPages
);
