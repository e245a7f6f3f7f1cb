using Tidegate.ControlPlane.Jobs;

namespace Tidegate.Drivers.Backups;

/// <summary>Passes progress on twice a second at most: tools tell of each file, and every report is written down.</summary>
internal sealed class PacedReport(Func<JobProgress, CancellationToken, Task> report, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    public Task TellAsync(JobProgress progress, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now - _last < Pause)
        {
            return Task.CompletedTask;
        }

        _last = now;
        return report(progress, cancellationToken);
    }
}
