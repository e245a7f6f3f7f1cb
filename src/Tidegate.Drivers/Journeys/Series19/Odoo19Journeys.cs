using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Journeys.Series19;

/// <summary>Odoo 19.</summary>
internal sealed class Odoo19Journeys(SiteLayout layout) : IJourneySeries
{
    public string Series => "19.0";

    /// <summary>The longest first: they are made two at a time.</summary>
    public IReadOnlyList<IJourneyGroup> Groups { get; } =
    [
        new BrowserJourneys(),
        DeepJourney.Prices(layout),
        DeepJourney.Order(layout),
        DeepJourney.Stock(layout),
        DeepJourney.Till(layout),
    ];
}
