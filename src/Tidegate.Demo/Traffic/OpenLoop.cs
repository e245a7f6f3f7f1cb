namespace Tidegate.Demo.Traffic;

/// <summary>
/// Begins visits by the clock alone: neither a slow answer nor a missing one delays the next. A closed loop would send
/// less the longer a hold lasts, and so hide it.
/// </summary>
internal sealed class OpenLoop(double perSecond, Random random, TimeProvider clock)
{
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1 / perSecond);

    /// <summary>Runs until cancelled. <paramref name="begin"/> must return at once.</summary>
    public async Task RunAsync(Action begin, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        for (var slot = 0L; !cancellationToken.IsCancellationRequested; slot++)
        {
            // Jitter stays inside the slot: arrivals are irregular, the rate is exact.
            var due = _interval * (slot + random.NextDouble());
            var wait = due - clock.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!cancellationToken.IsCancellationRequested)
            {
                begin();
            }
        }
    }
}
