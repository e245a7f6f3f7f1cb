using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Recovery;

/// <summary>Waits until a side cluster has replayed the log and takes connections.</summary>
internal sealed class RecoveryWait(ProcessLauncher launcher, TimeProvider clock)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReportPause = TimeSpan.FromSeconds(1);

    /// <exception cref="JobFailedException">The server ended instead.</exception>
    public async Task<RecoveryLog> RunAsync(
        ProcessSpec spec,
        RecoveryPlan? plan,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    )
    {
        var (follower, log) = (new LogFollower(spec.Log), new RecoveryLog());
        var reported = DateTimeOffset.MinValue;
        await StartAsync(spec, follower, log, cancellationToken);
        while (!log.IsReady)
        {
            var lives = launcher.Find(spec.Name) is not null; // before the log is read: nothing is written after
            Read(follower, log, all: !lives);
            if (!lives)
            {
                throw Ended(log, spec.Log);
            }

            if (plan is not null && clock.GetUtcNow() - reported >= ReportPause)
            {
                await report(Progress(plan, log), cancellationToken);
                reported = clock.GetUtcNow();
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }

        return log;
    }

    private async Task StartAsync(
        ProcessSpec spec,
        LogFollower follower,
        RecoveryLog log,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await launcher.EnsureAsync(spec, cancellationToken);
        }
        catch (ProcessStartException failed)
        {
            Read(follower, log, all: true);
            throw log.Fatal is null ? new JobFailedException(failed.Message, failed) : Ended(log, spec.Log);
        }
    }

    private static void Read(LogFollower follower, RecoveryLog log, bool all)
    {
        foreach (var line in follower.NewLines(all))
        {
            log.Add(line);
        }
    }

    private static JobProgress Progress(RecoveryPlan plan, RecoveryLog log)
    {
        var total = plan.Until > plan.Backup.Start ? plan.Until.Value - plan.Backup.Start.Value : 0;
        var done = log.Replayed is { } at && at > plan.Backup.Start ? at.Value - plan.Backup.Start.Value : 0;
        return new("replaying the archived log", (long)Math.Min(done, total), (long)total, "bytes");
    }

    private static JobFailedException Ended(RecoveryLog log, string path) =>
        new(
            $"the restored cluster did not come up: {log.Fatal ?? LogTail.Of(path)}. The backup or the archive behind it is damaged: tidegate backup verify"
        );
}
