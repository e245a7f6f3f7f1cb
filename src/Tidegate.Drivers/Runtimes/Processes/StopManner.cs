namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>How a process is asked to end.</summary>
public sealed record StopManner
{
    private StopManner(Signal ask, TimeSpan bound)
    {
        Ask = ask;
        Bound = bound;
    }

    /// <summary>How long it is waited for before everything of its name is killed.</summary>
    public TimeSpan Bound { get; }

    internal Signal Ask { get; }

    /// <summary>By SIGTERM: running work is finished.</summary>
    public static StopManner Gently(TimeSpan bound) => new(Signal.Terminate, bound);

    /// <summary>By SIGINT. PostgreSQL's fast shutdown: sessions are ended, data is written out.</summary>
    public static StopManner Fast(TimeSpan bound) => new(Signal.Interrupt, bound);

    /// <summary>At once, with everything it started.</summary>
    public static StopManner AtOnce { get; } = new(Signal.Kill, TimeSpan.Zero);
}
