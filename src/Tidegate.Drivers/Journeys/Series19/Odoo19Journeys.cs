using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Journeys.Series19;

/// <summary>Odoo 19.</summary>
internal sealed class Odoo19Journeys(SiteLayout layout) : IJourneySeries
{
    public string Series => "19.0";

    public IReadOnlyList<IJourneyGroup> Groups { get; } =
    [
        new BrowserJourneys(),
        new DeepJourneys(layout, [DeepJourney.Prices, DeepJourney.Order, DeepJourney.Stock, DeepJourney.Till]),
    ];
}
