namespace Tidegate.Drivers.Runtimes;

/// <summary>When a process that keeps ending is started again: at once, then after 1 s, 2 s, 4 s, … 60 s; anew once it has stayed up.</summary>
/// <param name="Starts">Starts in a row.</param>
/// <param name="NotBefore">The next start is not before this instant.</param>
/// <param name="LastStart">The last one.</param>
internal sealed record Patience(int Starts, DateTimeOffset NotBefore, DateTimeOffset LastStart)
{
    public static readonly Patience New = new(0, DateTimeOffset.MinValue, DateTimeOffset.MinValue);

    private const int MostDoublings = 6;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StayedUp = TimeSpan.FromMinutes(5);

    /// <summary>Whether it may be started now.</summary>
    public bool Allows(DateTimeOffset now) => now >= NotBefore;

    /// <summary>It is started now.</summary>
    public Patience Started(DateTimeOffset now)
    {
        var before = now - LastStart > StayedUp ? 0 : Starts;
        var pause = TimeSpan.FromSeconds(1 << Math.Min(before, MostDoublings));
        return new(before + 1, now + (pause < Longest ? pause : Longest), now);
    }
}
