using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Backups;

/// <summary>A backup of a site's whole cluster, as its repository lists it.</summary>
/// <param name="Label">The repository's name of it: <c>20261126-110816F</c>.</param>
/// <param name="StoppedAt">Rounded down to the second.</param>
/// <param name="Start">Where replaying begins.</param>
/// <param name="Stop">Where the backup is consistent: nothing before can be reached from it.</param>
/// <param name="Size">Bytes of the cluster.</param>
/// <param name="RepositorySize">Bytes that it added to the repository.</param>
/// <param name="Prior">The backup that it builds on; null for a full one.</param>
/// <param name="References">All backups of which it needs files.</param>
/// <param name="HasPageErrors">Whether pages with wrong checksums were found in the cluster while it was made.</param>
/// <param name="Job">The job that made it; null when somebody made it by hand.</param>
public sealed record ClusterBackup(
    string Label,
    BackupType Type,
    DateTimeOffset StartedAt,
    DateTimeOffset StoppedAt,
    WalPosition Start,
    WalPosition Stop,
    WalSegment StartSegment,
    WalSegment StopSegment,
    long Size,
    long RepositorySize,
    string? Prior,
    ImmutableArray<string> References,
    bool HasPageErrors,
    string? Job
)
{
    /// <summary>The first moment of which it is sure that it can be reached.</summary>
    public DateTimeOffset ReachableFrom => StoppedAt.AddSeconds(1);
}

/// <summary>How much of the cluster a backup holds itself.</summary>
public enum BackupType
{
    Full,

    /// <summary>What changed since the last full one.</summary>
    Differential,

    /// <summary>What changed since the last one.</summary>
    Incremental,
}

/// <summary>A database as it was when the backup began.</summary>
public sealed record BackedUpDatabase(string Name, long Oid);
