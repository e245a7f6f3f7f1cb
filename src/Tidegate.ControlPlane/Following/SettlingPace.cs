namespace Tidegate.ControlPlane.Following;

/// <summary>When it is time to try again what could not be settled. A server that has just begun, or that comes after another, always tries.</summary>
/// <remarks>For one round at a time.</remarks>
public sealed class SettlingPace(FollowingOptions options, TimeProvider clock)
{
    private long? _epoch;
    private int _open;
    private DateTimeOffset _next;
    private TimeSpan _pause;

    public bool IsTime(ClaimedSource claimed)
    {
        var isOurs = _epoch == claimed.PreviousEpoch;
        if (isOurs && _epoch is not null && !claimed.IsWanted && (_open == 0 || clock.GetUtcNow() < _next))
        {
            _epoch = claimed.Epoch;
            return false;
        }

        return true;
    }

    public void Settled(ClaimedSource claimed, SettlingResult result)
    {
        _pause =
            !result.IsDone ? TimeSpan.Zero
            : result.Open == 0 || result.Open != _open || _pause == TimeSpan.Zero ? options.SettleAgain
            : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, options.SettleAtLast.Ticks));
        (_epoch, _open, _next) = (claimed.Epoch, result.Open, clock.GetUtcNow() + _pause);
    }

    /// <summary>Something new is to be settled.</summary>
    public void Forget() => (_epoch, _pause) = (null, TimeSpan.Zero);
}
