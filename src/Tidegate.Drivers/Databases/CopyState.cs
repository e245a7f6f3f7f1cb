namespace Tidegate.Drivers.Databases;

/// <summary>What the site has under the name <c>&lt;database&gt;__next</c>, as one upgrade sees it.</summary>
public abstract record CopyState
{
    private CopyState() { }

    /// <summary>No database of that name.</summary>
    public sealed record Missing : CopyState;

    /// <summary>Whole, this upgrade's, untouched since it was made.</summary>
    /// <param name="Epoch">Under which it was made.</param>
    public sealed record Fresh(long Oid, long Epoch) : CopyState;

    /// <summary>This upgrade's, and a migration has begun on it: it may end well once, and is never migrated again.</summary>
    public sealed record Begun(long Oid, DateTimeOffset At) : CopyState;

    /// <summary>Another upgrade's, or one whose making was cut: good for nothing.</summary>
    public sealed record Unusable(string Reason) : CopyState;
}
