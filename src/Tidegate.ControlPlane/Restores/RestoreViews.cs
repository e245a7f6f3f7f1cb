using Tidegate.Contracts.Restores;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Restores;

/// <summary>Prices as clients see them.</summary>
internal static class RestoreViews
{
    public static RestorePriceView View(TenantName tenant, RestoreAnswer.Priced priced)
    {
        var window = SafeWriteWindow.Of(priced.Price);
        return new(
            tenant.Value,
            priced.Target.ToString(),
            priced.Description,
            window.IsOpen,
            window.Reasons,
            View(priced.Price)
        );
    }

    public static WayBackPriceView View(WayBackPrice price) =>
        new(
            price.Point,
            price.ReadAt,
            price.IsExact,
            price.Rows,
            price.Sentence,
            [.. price.Written.Select(View)],
            [.. price.Left.Select(View)]
        );

    private static WrittenView View(WrittenDocuments written) =>
        new(
            written.Key,
            written.Noun,
            written.IsLine,
            written.Created,
            written.Changed,
            written.Deleted,
            [.. written.Amounts.Select(money => new MoneyView(money.Amount, money.Currency))],
            written.Last,
            written.How switch
            {
                CountedBy.Transaction => "transaction",
                CountedBy.Dates => "dates",
                CountedBy.Comparison => "comparison",
            },
            written.Unknown
        );

    private static LeftView View(LeftBuilding left) =>
        new(left.What, left.Count, left.Last, left.Examples, left.IsIrrevocable, left.Unknown);
}
