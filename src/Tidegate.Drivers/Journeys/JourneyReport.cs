using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Journeys;

/// <summary>All journeys of one tenant on one release, at one time.</summary>
/// <param name="DurationS">Seconds from the first journey's start to the last one's end.</param>
/// <param name="Prices">What the release's own rules say things cost; null when they could not be asked.</param>
public sealed record JourneyReport(
    ReleaseRef Release,
    DateTimeOffset At,
    double DurationS,
    ImmutableArray<JourneyResult> Results,
    PriceTable? Prices
)
{
    /// <summary>The journey of that name, or null when it was not made.</summary>
    public JourneyResult? Find(string journey) =>
        Results.FirstOrDefault(result => string.Equals(result.Journey, journey, StringComparison.Ordinal));
}
