using System.Collections.Immutable;

namespace Tidegate.Drivers.Journeys;

/// <summary>Prices as one release computes them. Two tables are comparable when they were asked with the same questions.</summary>
public sealed record PriceTable(PriceQuestions Questions, ImmutableArray<Price> Rows);

/// <summary>What was asked: both releases get the same.</summary>
/// <param name="Products">How many products, the first by id.</param>
/// <param name="Dates">Days, as <c>yyyy-MM-dd</c>.</param>
public sealed record PriceQuestions(int Products, ImmutableArray<double> Quantities, ImmutableArray<string> Dates)
{
    private const int EnoughProducts = 60;
    private const int LaterDays = 31;

    /// <summary>One piece and ten, today and a month from now: a rule by quantity or by date shows.</summary>
    public static PriceQuestions At(DateTimeOffset now) =>
        new(
            EnoughProducts,
            [1, 10],
            [$"{now.UtcDateTime:yyyy-MM-dd}", $"{now.UtcDateTime.AddDays(LaterDays):yyyy-MM-dd}"]
        );
}

/// <summary>One price. Names are for people; ids, quantity and date say which price it is.</summary>
/// <param name="Product">The product's reference (<c>default_code</c>), or <c>#id</c>.</param>
/// <param name="Amount">Null when the release has no price for it.</param>
public sealed record Price(
    string Product,
    long ProductId,
    string Pricelist,
    long PricelistId,
    double Quantity,
    string Date,
    string Currency,
    [property: System.Text.Json.Serialization.JsonPropertyName("price")] double Amount
)
{
    public (long Product, long Pricelist, double Quantity, string Date) Key => (ProductId, PricelistId, Quantity, Date);
}
