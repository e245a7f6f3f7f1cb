using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Journeys;
using Tidegate.Drivers.Odoo;

namespace Tidegate.Tests.Journeys;

public sealed class JourneyComparisonTests
{
    private static readonly PriceQuestions Questions = PriceQuestions.At(DateTimeOffset.UnixEpoch);

    private static readonly Gen<PriceTable> Tables = Gen.Select(Gen.Int[1, 4], Gen.Int[1, 20])
        .Array[1, 12]
        .Select(rows => Table([.. rows.Select(row => Row(row.Item1, row.Item2)).DistinctBy(row => row.Key)]));

    [Fact]
    public void The_same_answers_pass()
    {
        var report = Report(Table([Row(1, 9)]), Result("log-in", Verdict.Pass));

        Assert.Equal(Verdict.Pass, JourneyComparison.Judge(report, report, []).Verdict);
    }

    [Fact]
    public void A_wrong_price_names_product_pricelist_and_both_prices()
    {
        var judgement = JourneyComparison.Judge(
            Report(Table([Row(1, 9), Row(2, 5), Row(3, 4)])),
            Report(Table([Row(1, 8.1), Row(2, 4), Row(3, 4)])),
            []
        );

        Assert.Equal(Verdict.Fail, judgement.Verdict);
        Assert.Equal(
            "TG-1 costs 8.10 USD instead of 9.00 USD on pricelist Retail (quantity 1, 1970-01-01), and 1 more prices differ",
            judgement.Reason
        );
    }

    [Theory]
    [InlineData("TG-1")]
    [InlineData("*")]
    public void A_declared_price_may_differ(string declared) =>
        Assert.Equal(
            Verdict.Pass,
            JourneyComparison.Judge(Report(Table([Row(1, 9)])), Report(Table([Row(1, 8)])), [declared]).Verdict
        );

    [Fact]
    public void A_price_that_is_gone_fails() =>
        Assert.Equal(
            "TG-2 has no price any more on pricelist Retail (quantity 1, 1970-01-01); it was 5.00 USD",
            JourneyComparison.Judge(Report(Table([Row(1, 9), Row(2, 5)])), Report(Table([Row(1, 9)])), []).Reason
        );

    [Fact]
    public void Prices_of_one_release_only_never_pass()
    {
        var known = Report(Table([Row(1, 9)]), Result("prices", Verdict.Pass));
        var unknown = Report(null, Result("prices", Verdict.Pass));

        Assert.Equal(Verdict.Inconclusive, JourneyComparison.Judge(known, unknown, []).Verdict);
        Assert.Equal(Verdict.Inconclusive, JourneyComparison.Judge(unknown, known, []).Verdict);
    }

    [Fact]
    public void What_failed_before_is_reported_and_not_held_against_the_release()
    {
        var report = Report(Table([Row(1, 9)]), Result("pos", Verdict.Fail), Result("log-in", Verdict.Pass));

        var judgement = JourneyComparison.Judge(report, report, []);

        Assert.Equal(Verdict.Pass, judgement.Verdict);
        Assert.Equal("pos", Assert.Single(judgement.Known));
    }

    [Fact]
    public void Nothing_passes_without_proof()
    {
        var good = Report(Table([Row(1, 9)]), Result("log-in", Verdict.Pass));
        var unreachable = Report(Table([Row(1, 9)]), Result("log-in", Verdict.Error));
        (JourneyReport? Before, JourneyReport Now)[] cases =
        [
            (null, good),
            (good, good with { Results = [] }),
            (good, Report(Table([Row(1, 9)]), Result("page", Verdict.Pass))),
            (good, unreachable),
            (unreachable, unreachable),
            (good, Report(Table([Row(1, 9)]), Result("log-in", Verdict.Fail))),
        ];

        Assert.All(
            cases,
            one => Assert.NotEqual(Verdict.Pass, JourneyComparison.Judge(one.Before, one.Now, []).Verdict)
        );
    }

    [Fact]
    public void A_table_differs_from_another_exactly_where_a_price_does() =>
        Gen.Select(Tables, Tables)
            .Sample(
                (before, after) =>
                {
                    var now = after.Rows.ToDictionary(row => row.Key, row => row.Amount);
                    var expected = before
                        .Rows.Where(row => !now.TryGetValue(row.Key, out var amount) || amount != row.Amount)
                        .Select(row => row.Key);

                    return PriceComparison
                        .Undeclared(before, after, [])
                        .Select(difference => difference.Before.Key)
                        .SequenceEqual(expected);
                }
            );

    private static JourneyReport Report(PriceTable? prices, params ReadOnlySpan<JourneyResult> results) =>
        new(
            new ReleaseRef("2026.11.2", ReleaseDigest.Create("sha256:" + new string('a', 64))),
            DateTimeOffset.UnixEpoch,
            1,
            results.IsEmpty ? [Result("log-in", Verdict.Pass)] : [.. results],
            prices
        );

    private static JourneyResult Result(string journey, Verdict verdict) =>
        new(journey, "asked", "answered", 0.1, verdict);

    private static PriceTable Table(ImmutableArray<Price> rows) => new(Questions, rows);

    private static Price Row(int product, double amount) =>
        new($"TG-{product}", product, "Retail", 1, 1, "1970-01-01", "USD", amount);
}
