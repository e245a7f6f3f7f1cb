using System.Globalization;
using System.Text.Json;
using Tidegate.Drivers.Odoo;

namespace Tidegate.Drivers.Journeys.Series19;

/// <summary>A flow through Odoo's own code, undone at its end: nothing is stored or sent, so it may run on a live database.</summary>
/// <param name="Name">The fork server's name for it.</param>
/// <param name="Asked">For people.</param>
/// <param name="Parameters">What the fork server needs to know.</param>
/// <param name="Read">Makes a short answer of what came back, and keeps what has to be compared.</param>
internal sealed record DeepJourney(
    string Name,
    string Asked,
    Func<JourneyTarget, PriceBook, object> Parameters,
    Func<JsonElement, PriceBook, string> Read
)
{
    public static readonly DeepJourney Prices = new(
        "prices",
        "prices of products by pricelist, quantity and date",
        (_, prices) => prices.Questions,
        ReadPrices
    );

    public static readonly DeepJourney Order = new(
        "order",
        "an order of two products, confirmed",
        AsUser,
        (answer, _) => answer.GetRawText()
    );

    public static readonly DeepJourney Stock = new(
        "stock",
        "a delivery, reserved",
        AsUser,
        (answer, _) => answer.GetRawText()
    );

    public static readonly DeepJourney Till = new(
        "pos",
        "a till's session with all its data",
        AsUser,
        (answer, _) => ReadTill(answer)
    );

    private static object AsUser(JourneyTarget target, PriceBook prices) => new { login = target.Login };

    private static string ReadPrices(JsonElement answer, PriceBook prices)
    {
        var table = new PriceTable(
            prices.Questions,
            [.. answer.GetProperty("rows").Deserialize<Price[]>(Evidence.Json)!]
        );
        if (table.Rows.IsEmpty)
        {
            throw new JourneyException("there is no product or no pricelist to ask about");
        }

        prices.Answer = table;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{table.Rows.Length} prices of {answer.GetProperty("products").GetInt32()} products"
        );
    }

    private static string ReadTill(JsonElement answer) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{answer.GetProperty("till").GetString()} is {answer.GetProperty("state").GetString()}, {answer.GetProperty("records").EnumerateObject().Sum(model => model.Value.GetInt32())} records of {answer.GetProperty("records").EnumerateObject().Count()} models"
        );
}
