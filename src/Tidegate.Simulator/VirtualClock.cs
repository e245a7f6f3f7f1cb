namespace Tidegate.Simulator;

/// <summary>Time that passes only when told to. Its timers never fire: in here a step takes no time, and a lease is lost by advancing.</summary>
public sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow() => now;

    /// <summary>Moves on to an instant; one that has passed changes nothing.</summary>
    public void AdvanceTo(DateTimeOffset instant) => now = instant > now ? instant : now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new SilentTimer();

    private sealed class SilentTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
