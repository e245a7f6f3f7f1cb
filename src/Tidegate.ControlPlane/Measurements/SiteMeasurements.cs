using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Measurements;

/// <summary>What a site has measured of itself.</summary>
/// <param name="Own">Its cutovers' pace; null while there were too few.</param>
/// <param name="Probe">What its disk offers; null before the first probe.</param>
/// <param name="FreeBytes">Free where its databases lie, when it was last looked at; null before.</param>
/// <param name="BackupRuns">Something makes or expires a backup of its cluster now.</param>
public sealed record SiteMeasurements(CutoverPace? Own, HostProbe? Probe, long? FreeBytes, bool BackupRuns)
{
    /// <summary>Of a site that has said nothing yet.</summary>
    public static readonly SiteMeasurements None = new(null, null, null, false);

    /// <summary>Its own pace, or the guess.</summary>
    public CutoverPace Pace => Own ?? CutoverPace.Guess;
}

/// <summary>The same with where and when, for people.</summary>
/// <param name="ProbedAt">Null before the first probe.</param>
public sealed record MeasuredSite(
    SiteName Site,
    SiteMeasurements Measurements,
    DateTimeOffset MeasuredAt,
    DateTimeOffset? ProbedAt
);
