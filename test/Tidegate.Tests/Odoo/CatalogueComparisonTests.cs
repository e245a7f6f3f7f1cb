using CsCheck;
using Tidegate.Drivers.Odoo;

namespace Tidegate.Tests.Odoo;

public sealed class CatalogueComparisonTests
{
    private static readonly Gen<CatalogueGap> Gaps = Gen.Select(
        Gen.Enum<GapKind>(),
        Gen.Int[0, 5],
        (kind, table) => new CatalogueGap(kind, $"t{table}.c")
    );

    private static readonly Gen<Catalogue> Catalogues = Gaps.Array[0, 8]
        .Select(gaps => OracleCase.Before.Missing([.. gaps.Distinct()]));

    [Fact]
    public void Nothing_worsens_between_a_catalogue_and_itself() =>
        Catalogues.Sample(catalogue =>
        {
            var difference = CatalogueComparison.Compare(catalogue, catalogue);

            return difference is { Worsened.IsEmpty: true, Healed.IsEmpty: true, Changes.IsEmpty: true };
        });

    [Fact]
    public void Every_gap_is_worsened_known_or_healed_and_only_one_of_them() =>
        Gen.Select(Catalogues, Catalogues)
            .Sample(
                (before, after) =>
                {
                    var difference = CatalogueComparison.Compare(before, after);

                    return difference.Worsened.Concat(difference.Known).ToHashSet().SetEquals(after.Gaps)
                        && difference.Healed.Concat(difference.Known).ToHashSet().SetEquals(before.Gaps)
                        && !difference.Worsened.Intersect(before.Gaps).Any();
                }
            );

    [Fact]
    public void What_worsens_one_way_heals_the_other() =>
        Gen.Select(Catalogues, Catalogues)
            .Sample(
                (before, after) =>
                    CatalogueComparison
                        .Compare(before, after)
                        .Worsened.SequenceEqual(CatalogueComparison.Compare(after, before).Healed)
            );

    [Fact]
    public void A_changed_column_is_told_with_both_types()
    {
        var before = OracleCase.Before with { Columns = OracleCase.Before.Columns.Add("sale_order.note", "text") };
        var after = before with { Columns = before.Columns.SetItem("sale_order.note", "jsonb not null") };

        Assert.Equal(
            ["column sale_order.note changed: text -> jsonb not null"],
            CatalogueComparison.Compare(before, after).Changes
        );
    }
}
