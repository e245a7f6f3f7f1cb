using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Recovery;

namespace Tidegate.Drivers.Backups;

/// <summary>
/// Proves a backup, rung by rung, and records how far it came. What it finds fails the job and marks the backup: no
/// recovery of ours takes it for good again.
/// </summary>
public sealed class VerifyBackupHandler(
    BackupCatalogue catalogue,
    BackupStore store,
    RepositoryCheck files,
    ArchiveFlush archive,
    ArchiveFiles segments,
    SideClusters sides,
    RestoredChecks checks,
    TimeProvider clock
) : JobHandler<VerifyBackupJob, VerifyBackupResult>(BackupKinds.Verify)
{
    protected override async Task<VerifyBackupResult> RunAsync(
        VerifyBackupJob job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var backup = Choose(await catalogue.SyncAsync(claimed.Site, cancellationToken), job.Label);
        var climb = new Climb();
        var finding = await ClimbAsync(backup, claimed.Id, climb, context.ReportAsync, cancellationToken);
        await store.RecordAsync(
            claimed.Site,
            backup.Label,
            climb.Level,
            finding,
            climb.Evidence,
            clock.GetUtcNow(),
            cancellationToken
        );
        return finding is null
            ? new(backup.Label, climb.Level, climb.Evidence)
            : throw new JobFailedException(
                $"backup {backup.Label} is not good (rung {climb.Level} of {Rungs.Compared}): {finding}"
            );
    }

    protected override Task CleanUpAsync(
        VerifyBackupJob job,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    ) => sides.RemoveAsync(claimed.Id, cancellationToken);

    /// <returns>What is wrong; null when nothing is.</returns>
    private async Task<string?> ClimbAsync(
        ClusterBackup backup,
        JobId job,
        Climb climb,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    )
    {
        if (backup.HasPageErrors)
        {
            return "pages with wrong checksums were found in the cluster while it was made: tidegate backup show, and the cluster's own disk";
        }

        climb.Level = Rungs.Exists;
        await report(new("reading every file of the repository"), cancellationToken);
        if (await FilesAsync(backup, cancellationToken) is { IsEmpty: false } bad)
        {
            return string.Join("; ", bad.Take(10)) + (bad.Length > 10 ? $"; and {bad.Length - 10} more" : "");
        }

        climb.Level = Rungs.Checksums;
        await report(new("reading what some tenants hold now"), cancellationToken);
        var held = await checks.Contents.ReadAsync(job, cancellationToken);
        await report(new("looking for every segment of the log"), cancellationToken);
        var end = await archive.RunAsync(cancellationToken);
        var run = WalContinuity.From(
            backup,
            await segments.ListAsync(cancellationToken),
            await segments.ForksAsync(end.Timeline, cancellationToken),
            end.Position.SegmentOn(end.Timeline)
        );
        climb.Evidence = climb.Evidence with { CompleteTo = run.CompleteTo?.ToString() };
        if (!run.Gaps.IsEmpty)
        {
            return $"segments of the log are missing in the archive: {string.Join(", ", run.Gaps.Take(10))}. Make a new backup: tidegate backup run";
        }

        climb.Level = Rungs.Continuity;
        SideCluster side;
        try
        {
            side = await sides.RestoreAsync(
                new(
                    job,
                    backup.Label,
                    held is null ? new RecoveryTarget.Latest() : new RecoveryTarget.Lsn(held.At.ToString()),
                    []
                ),
                report,
                cancellationToken
            );
        }
        catch (JobFailedException failed)
        {
            return failed.Message;
        }

        climb.Level = Rungs.Restored;
        climb.Evidence = climb.Evidence with
        {
            ReachedLsn = side.Recovery!.ReachedLsn,
            LastCommit = side.Recovery.LastCommit,
            FetchSeconds = side.Recovery.Fetch.TotalSeconds,
            ReplaySeconds = side.Recovery.Replay.TotalSeconds,
        };
        await report(new("looking at every table and index"), cancellationToken);
        var begun = clock.GetTimestamp();
        if (await checks.Pages.RunAsync(side, cancellationToken) is { } damage)
        {
            return damage;
        }

        climb.Level = Rungs.Checked;
        var difference = held is null ? null : await CompareAsync(side, held, climb, report, cancellationToken);
        climb.Evidence = climb.Evidence with { CheckSeconds = clock.GetElapsedTime(begun).TotalSeconds };
        return difference;
    }

    private static async Task<string?> CompareAsync(
        SideCluster side,
        HeldContents held,
        Climb climb,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    )
    {
        await report(new("comparing some tenants with the site, row by row"), cancellationToken);
        if (await ContentCheck.CompareAsync(side, held, cancellationToken) is { } difference)
        {
            return difference;
        }

        climb.Level = Rungs.Compared;
        climb.Evidence = climb.Evidence with { Compared = [.. held.Databases.Select(database => database.Name)] };
        return null;
    }

    // What cannot even be read counts against the backup: it was called good before, perhaps.
    private async Task<ImmutableArray<string>> FilesAsync(ClusterBackup backup, CancellationToken cancellationToken)
    {
        try
        {
            return await files.RunAsync(backup, cancellationToken);
        }
        catch (JobFailedException failed)
        {
            return [failed.Message];
        }
    }

    private static ClusterBackup Choose(ImmutableArray<ClusterBackup> backups, string? label) =>
        label is null
            ? backups.LastOrDefault()
                ?? throw new JobFailedException("there is no backup of the cluster; make one: tidegate backup run")
            : backups.FirstOrDefault(backup => string.Equals(backup.Label, label, StringComparison.Ordinal))
                ?? throw new JobFailedException(
                    $"there is no backup {label}; tidegate backup list shows those there are."
                );

    private sealed class Climb
    {
        public int Level { get; set; }

        public VerificationEvidence Evidence { get; set; } = new();
    }
}
