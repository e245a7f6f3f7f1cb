using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.ControlBackups;

/// <summary>Orders backups of the control plane, at a site that this server serves.</summary>
public sealed class ControlBackupDesk(JobStore jobs, ServedSites served, TimeProvider clock)
{
    /// <summary>Orders one; the one that is under way instead, where there is one.</summary>
    public Task<JobId> TakeAsync(string actor, string? reason, CancellationToken cancellationToken) =>
        jobs.OrderAsync(
            ControlBackupJobs.Take,
            new JobOrder<TakeControlBackup>(served.Names[0], ControlBackupJobs.Subject, new(), actor, reason)
            {
                Lane = ControlBackupJobs.Subject,
                Key = ControlBackupJobs.Take.Name,
            },
            cancellationToken
        );

    /// <summary>Whether the last one was ordered so long ago.</summary>
    public async Task<bool> IsDueAsync(TimeSpan every, CancellationToken cancellationToken) =>
        await jobs.ListAsync(ControlBackupJobs.Take.Name, null, Visible.Everything, 1, cancellationToken)
            is not [var last]
        || (last.State is JobState.Ended && last.CreatedAt <= clock.GetUtcNow() - every);
}
