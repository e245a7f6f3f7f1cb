namespace Tidegate.ControlPlane.Drift;

/// <summary>How sites are checked.</summary>
public sealed record DriftOptions
{
    /// <summary>Each site is looked at this often, give or take a tenth.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A tenant that was healed less than this ago is not healed again by itself: it did not help, or somebody insists.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Blockers of one code; a last one counts the others.</summary>
    public int MostBlockers { get; init; } = 10;
}
