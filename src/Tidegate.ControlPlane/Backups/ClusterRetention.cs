using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Backups;

/// <summary>Decides which full backups of a cluster go, each with all that builds on it. Pure.</summary>
public static class ClusterRetention
{
    /// <summary>
    /// All but the newest few that nothing is known against. The newest of all stays too, and so does what the newest
    /// good backup needs: what was proven is not given up for what nobody has proven yet.
    /// </summary>
    /// <param name="backups">Those that there are, in any order.</param>
    /// <param name="kept">How many full ones, at least 1.</param>
    /// <returns>Labels, the oldest first.</returns>
    public static ImmutableArray<string> Expired(IReadOnlyCollection<StoredBackup> backups, int kept)
    {
        var fulls = backups
            .Where(stored => stored.Backup.Type is BackupType.Full)
            .OrderByDescending(stored => stored.Backup.StoppedAt)
            .ToList();
        var staying = fulls.Take(1).Concat(fulls.Where(stored => stored.IsUsable).Take(kept)).ToHashSet();
        var good = backups.Where(stored => stored.IsGood).MaxBy(stored => stored.Backup.StoppedAt);
        return
        [
            .. fulls
                .Where(stored => !staying.Contains(stored) && !IsNeeded(stored.Backup.Label, good))
                .Reverse()
                .Select(stored => stored.Backup.Label),
        ];
    }

    private static bool IsNeeded(string label, StoredBackup? good) =>
        good is not null
        && (good.Backup.Label == label || good.Backup.References.Contains(label, StringComparer.Ordinal));
}
