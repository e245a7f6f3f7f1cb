using System.Collections.Immutable;
using System.Globalization;

namespace Tidegate.Drivers.Journeys;

/// <summary>A price that the new release computes differently. <paramref name="After"/> is null when it has none any more.</summary>
public sealed record PriceDifference(Price Before, Price? After)
{
    /// <summary>Who, where, what instead of what.</summary>
    public string Sentence
    {
        get
        {
            var where = string.Create(
                CultureInfo.InvariantCulture,
                $"on pricelist {Before.Pricelist} (quantity {Before.Quantity}, {Before.Date})"
            );
            return After is null
                ? $"{Before.Product} has no price any more {where}; it was {Money(Before)}"
                : $"{Before.Product} costs {Money(After)} instead of {Money(Before)} {where}";
        }
    }

    private static string Money(Price price) =>
        string.Create(CultureInfo.InvariantCulture, $"{price.Amount:0.00##} {price.Currency}");
}

/// <summary>Compares what two releases of the same tenant charge.</summary>
public static class PriceComparison
{
    /// <summary>Binary fractions of equal sums may differ in their last digits; no currency is that fine.</summary>
    private const double Tolerance = 0.000_001;

    private const string AnyProduct = "*";

    /// <summary>Every difference that the release's notes do not declare. A price that only the new release has is no difference.</summary>
    /// <param name="declared">Product references, or <c>*</c> for any.</param>
    public static ImmutableArray<PriceDifference> Undeclared(
        PriceTable before,
        PriceTable after,
        IReadOnlyCollection<string> declared
    )
    {
        if (declared.Contains(AnyProduct, StringComparer.Ordinal))
        {
            return [];
        }

        var now = after.Rows.ToDictionary(row => row.Key);
        return
        [
            .. before
                .Rows.Where(row => !declared.Contains(row.Product, StringComparer.Ordinal))
                .Select(row => new PriceDifference(row, now.GetValueOrDefault(row.Key)))
                .Where(difference => difference.After is not { } found || Differs(difference.Before, found)),
        ];
    }

    private static bool Differs(Price before, Price after) =>
        Math.Abs(before.Amount - after.Amount) > Tolerance
        || !string.Equals(before.Currency, after.Currency, StringComparison.Ordinal);
}
