namespace Tidegate.Drivers.Journeys;

/// <summary>The journeys of one Odoo series: names of fields, methods and addresses change between series, what is asked does not.</summary>
internal interface IJourneySeries
{
    /// <summary><c>19.0</c>.</summary>
    string Series { get; }

    /// <summary>Groups of journeys that are made at the same time.</summary>
    IReadOnlyList<IJourneyGroup> Groups { get; }
}

/// <summary>Journeys that belong together: those of a browser need its log in.</summary>
internal interface IJourneyGroup
{
    /// <summary>Makes all of them, each into the log; a journey that cannot be made because an earlier one failed is written as an error.</summary>
    Task MakeAsync(JourneyTarget target, JourneyLog log, PriceBook prices, CancellationToken cancellationToken);
}

/// <summary>What is asked about prices, and where the answer goes.</summary>
internal sealed class PriceBook(PriceQuestions questions)
{
    public PriceQuestions Questions => questions;

    /// <summary>Null until the release has answered.</summary>
    public PriceTable? Answer { get; set; }
}
