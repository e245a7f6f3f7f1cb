using Tidegate.ControlPlane.Jobs;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>Work that tells every second how far it is.</summary>
internal static class Reported
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Does the work; when telling fails, because the job is another's by now, the work is stopped first.</summary>
    public static async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> work,
        Func<JobProgress> progress,
        Func<JobProgress, CancellationToken, Task> report,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await report(progress(), cancellationToken);
        var working = work(stop.Token);
        try
        {
            while (!working.IsCompleted)
            {
                await Task.WhenAny(working, Task.Delay(Interval, clock, stop.Token));
                if (!working.IsCompleted && !stop.IsCancellationRequested)
                {
                    await report(progress(), cancellationToken);
                }
            }

            return await working;
        }
        finally
        {
            if (!working.IsCompleted)
            {
                await stop.CancelAsync();
                await ((Task)working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
