namespace Tidegate.ControlPlane.Ledger;

/// <summary>
/// Looks at what is not sealed without reading the whole ledger each time: below the floor nothing is missing, and nothing
/// can come. It is raised to what was highest when nothing waited, once every transaction of that time has ended.
/// </summary>
public sealed class LedgerFloor(LedgerStore store, TimeProvider clock)
{
    // A number may be given to a transaction before it has one of its own; against that, now and then all is read.
    private static readonly TimeSpan BetweenFullLooks = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private (long Highest, long Next)? _raising;
    private long _floor;
    private DateTimeOffset _lookedFully = DateTimeOffset.MinValue;

    /// <summary>Ids up to it are sealed, but for what a full look may still find.</summary>
    public long Value
    {
        get
        {
            lock (_lock)
            {
                return _floor;
            }
        }
    }

    public async Task<LedgerLook> LookAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        long floor;
        lock (_lock)
        {
            if (now - _lookedFully > BetweenFullLooks)
            {
                (_floor, _raising, _lookedFully) = (0, null, now);
            }

            floor = _floor;
        }

        var look = await store.LookAsync(floor, cancellationToken);
        Raise(look);
        return look;
    }

    private void Raise(LedgerLook look)
    {
        if (look.Unsealed > 0)
        {
            return; // one that came late may be below
        }

        lock (_lock)
        {
            if (_raising is { } raising && raising.Next <= look.Horizon)
            {
                (_floor, _raising) = (Math.Max(_floor, raising.Highest), null);
            }

            _raising ??= (look.Highest, look.Next);
        }
    }
}
