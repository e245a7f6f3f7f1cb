namespace Tidegate.ControlPlane.Measurements;

/// <summary>How long a site's cutovers take: a part that every one has, and one that grows with the database.</summary>
/// <param name="Cutovers">How many of the site's own it was measured on; 0 when it is a guess.</param>
/// <param name="Fixed">Drain, fence, migration, judgement, swap and journeys together.</param>
public sealed record CutoverPace(int Cutovers, double CopyBytesPerSecond, TimeSpan Fixed)
{
    /// <summary>Until a site has measured its own (cutover-proof: 0.75-1.1 s for a copy of 52 MB).</summary>
    public static readonly CutoverPace Guess = new(0, 50e6, TimeSpan.FromSeconds(6));

    public TimeSpan HoldOf(long bytes) => Fixed + TimeSpan.FromSeconds(bytes / CopyBytesPerSecond);
}
