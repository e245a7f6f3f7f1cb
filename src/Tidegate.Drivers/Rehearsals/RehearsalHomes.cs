using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.Rehearsals;

/// <summary>Where releases run on copies, one home a job: what a job begins there ends with it.</summary>
internal sealed class RehearsalHomes(SiteLayout layout, SideClusters sides, ProcessLauncher launcher)
{
    /// <summary>The home, with the site's own cluster in it until there is another.</summary>
    public async Task<RehearsalHome> MakeAsync(JobId job, CancellationToken cancellationToken)
    {
        var inside = layout.Rehearsal(job);
        Folder.Passage(layout.Rehearsals);
        Folder.Passage(inside.Home);
        return new(
            layout,
            inside,
            layout.Cluster,
            job,
            await OsUser.EnsureAsync(Capabilities.Sandbox.UserName, cancellationToken),
            await NetworkIsolation.IsPossibleAsync(layout, cancellationToken)
        );
    }

    /// <summary>Ends the job's processes and removes its side cluster, its working folder and its home. Nothing there is no error.</summary>
    public async Task RemoveAsync(JobId job, CancellationToken cancellationToken)
    {
        foreach (var process in RehearsedRelease.ProcessesOf(job))
        {
            await launcher.StopAsync(process, StopManner.AtOnce, cancellationToken);
        }

        await sides.RemoveAsync(job, cancellationToken);
        // A tool that was killed leaves there what it wrote.
        JobRemains.RemoveWork(layout, job);
        var inside = layout.Rehearsal(job).Home;
        if (Directory.Exists(inside))
        {
            Directory.Delete(inside, recursive: true);
        }

        if (Directory.Exists(layout.Rehearsals) && !Directory.EnumerateFileSystemEntries(layout.Rehearsals).Any())
        {
            Directory.Delete(layout.Rehearsals);
        }
    }

    /// <summary>An upgrade that is none of the site's: no other has its id.</summary>
    public static StepContext ContextOf(UpgradeTarget target, JobId job, long epoch, DateTimeOffset now) =>
        new(new(new($"u-{job.Value[2..]}"), "rehearsal"), new(job.Value), target, epoch, now, now);
}
