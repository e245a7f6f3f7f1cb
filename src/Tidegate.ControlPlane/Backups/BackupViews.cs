using Tidegate.Contracts.Backups;

namespace Tidegate.ControlPlane.Backups;

/// <summary>Backups as the API shows them.</summary>
internal static class BackupViews
{
    public static BackupView Of(StoredBackup stored)
    {
        var backup = stored.Backup;
        return new(
            stored.Site.Value,
            backup.Label,
            backup.Type.ToString().ToLowerInvariant(),
            backup.StartedAt,
            backup.StoppedAt,
            backup.Start.ToString(),
            backup.Stop.ToString(),
            backup.Size,
            backup.RepositorySize,
            backup.References,
            [.. stored.Databases.Select(database => database.Name)],
            stored.Level,
            stored.IsGood,
            stored.VerifiedAt,
            stored.Finding
                ?? (
                    backup.HasPageErrors
                        ? "pages with wrong checksums were found in the cluster while it was made"
                        : null
                ),
            stored.Evidence is { } seen
                ? new(
                    seen.CompleteTo,
                    seen.ReachedLsn,
                    seen.LastCommit,
                    seen.FetchSeconds,
                    seen.ReplaySeconds,
                    seen.CheckSeconds,
                    seen.Compared ?? []
                )
                : null
        );
    }

    public static BackupStatusView Of(BackupFacts facts, BackupSchedule? schedule) =>
        new(
            facts.Site.Value,
            facts.Newest?.Backup.Label,
            facts.Newest?.Backup.StoppedAt,
            facts.NewestProven?.Backup.Label,
            facts.NewestProven?.VerifiedAt,
            facts.Archive?.SeenAt,
            facts.Archive?.LastArchived,
            facts.Archive?.LastArchivedAt,
            facts.IsContinuous,
            facts.Archive?.Gap,
            facts.Archive?.Problem,
            schedule?.FullEvery.TotalHours,
            schedule?.DifferentialEvery?.TotalHours
        );
}
