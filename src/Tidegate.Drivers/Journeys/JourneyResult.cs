using Tidegate.Drivers.Odoo;

namespace Tidegate.Drivers.Journeys;

/// <summary>One journey made once: what was asked, what came back, how long it took.</summary>
/// <param name="Journey">Its name, the same on every release: by it results are compared.</param>
/// <param name="Asked">What was asked, without any secret.</param>
/// <param name="Answered">What came back, shortened; for a journey that did not come out well, why.</param>
/// <param name="DurationS">Seconds.</param>
public sealed record JourneyResult(string Journey, string Asked, string Answered, double DurationS, Verdict Verdict);
