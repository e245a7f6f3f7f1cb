using System.Collections.Concurrent;

namespace Tidegate.Demo.Traffic;

/// <summary>The visits that have begun and not ended.</summary>
internal sealed class Outstanding
{
    private readonly ConcurrentDictionary<Task, byte> _visits = new();

    public int Count => _visits.Count;

    public void Add(Task visit)
    {
        _visits[visit] = 0;
        _ = visit.ContinueWith(
            ended =>
            {
                // A visit that threw stays, so that whoever waits learns of it: requests that fail do not throw.
                if (!ended.IsFaulted)
                {
                    _visits.TryRemove(ended, out _);
                }
            },
            CancellationToken.None, // the bookkeeping of what has already ended
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    /// <summary>Ends when everything that is outstanding now has ended; later visits are not waited for.</summary>
    public Task SettledAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_visits.Keys).WaitAsync(cancellationToken);
}
