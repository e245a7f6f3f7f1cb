namespace Tidegate.ControlPlane.Ledger;

/// <summary>
/// Looks at what is not sealed without reading the whole ledger each time: below the floor nothing is missing, and nothing
/// can come. It is raised to what was highest at a look, once every transaction has ended that was writing then, and never
/// past what is not sealed.
/// </summary>
public sealed class LedgerFloor(LedgerStore store, TimeProvider clock)
{
    // Who rules the database can write an entry with any number; against that, now and then all is read.
    private static readonly TimeSpan BetweenFullLooks = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private (long Highest, IReadOnlyList<string> Writers)? _raising;
    private long? _settled;
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
                (_floor, _raising, _settled, _lookedFully) = (0, null, null, now);
            }

            floor = _floor;
        }

        var look = await store.LookAsync(floor, cancellationToken);
        Raise(look);
        return look;
    }

    private void Raise(LedgerLook look)
    {
        lock (_lock)
        {
            // What was seen to have ended by the last look is all in this one.
            if (_settled is { } settled)
            {
                _floor = Math.Max(_floor, Math.Min(settled, (look.Lowest ?? long.MaxValue) - 1));
                _settled = null;
            }

            if (_raising is { } raising && !raising.Writers.Intersect(look.Writers, StringComparer.Ordinal).Any())
            {
                (_settled, _raising) = (raising.Highest, null);
            }

            _raising ??= (look.Highest, look.Writers);
        }
    }
}
