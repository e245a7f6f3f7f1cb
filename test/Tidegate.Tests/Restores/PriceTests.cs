using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Tests.Restores;

/// <summary>The window, the limit and the sentence of a price.</summary>
public sealed class PriceTests
{
    private static readonly DateTimeOffset Point = new(2026, 11, 26, 6, 10, 0, TimeSpan.Zero);

    private static readonly Gen<WrittenDocuments> Written = Gen.Select(
        Gen.Long[0, 3],
        Gen.Long[0, 3],
        Gen.Long[0, 1],
        Gen.Bool,
        Gen.Int[0, 9],
        (created, changed, deleted, isLine, unknown) =>
            new WrittenDocuments(
                "orders",
                "orders",
                isLine,
                created,
                changed,
                deleted,
                [],
                null,
                CountedBy.Transaction,
                unknown == 0 ? "it cannot be read" : null
            )
    );

    private static readonly Gen<LeftBuilding> Left = Gen.Select(
        Gen.Long[0, 2],
        Gen.Bool,
        Gen.Int[0, 9],
        (count, isIrrevocable, unknown) =>
            new LeftBuilding("mails sent", count, null, [], isIrrevocable, unknown == 0 ? "it cannot be read" : null)
    );

    private static readonly Gen<WayBackPrice> Prices = Gen.Select(
        Written.Array[0, 4],
        Left.Array[0, 3],
        (written, left) => new WayBackPrice(Point, Point, true, [.. written], [.. left])
    );

    [Fact]
    public void The_window_is_open_only_when_all_is_known_and_nothing_happened() =>
        Prices.Sample(price =>
        {
            var quiet =
                price.Written.Where(written => !written.IsLine).All(written => written is { Unknown: null, Rows: 0 })
                && price.Left.All(left => left is { Unknown: null, Count: 0 });
            Assert.Equal(quiet, SafeWriteWindow.Of(price).IsOpen);
        });

    [Fact]
    public void Nobody_asked_means_the_window_decides() =>
        Prices.Sample(price =>
            Assert.Equal(SafeWriteWindow.Of(price).IsOpen, AcceptedLoss.Refusal(price, LossAcceptance.None) is null)
        );

    [Fact]
    public void What_was_not_accepted_is_never_lost() =>
        Gen.Select(Prices, Gen.Long[0, 12], Gen.Bool)
            .Sample(
                (price, limit, whatLeft) =>
                {
                    var accepted = new LossAcceptance(limit, whatLeft);
                    if (AcceptedLoss.Refusal(price, accepted) is null && !SafeWriteWindow.Of(price).IsOpen)
                    {
                        Assert.NotNull(price.Rows);
                        Assert.True(price.Rows <= limit);
                        Assert.True(whatLeft || price.Irrevocable == 0);
                    }
                }
            );

    [Fact]
    public void Whoever_accepts_all_is_not_refused() =>
        Prices.Sample(price => Assert.Null(AcceptedLoss.Refusal(price, new(null, true))));

    [Fact]
    public void It_is_said_in_business_words()
    {
        var price = new WayBackPrice(
            Point,
            Point,
            false,
            [Documents("orders", 37), Documents("transfers", 0), Documents("invoices", 4)],
            []
        );

        Assert.Equal("37 orders and 4 invoices written since 2026-11-26 06:10:00Z", price.Sentence);
        Assert.Equal(41, price.Rows);
    }

    [Theory]
    [InlineData("checkpoint", "checkpoint")]
    [InlineData("checkpoint:u-1", "checkpoint:u-1")]
    [InlineData("backup:20261126", "backup:20261126")]
    [InlineData("0/5000028", "0/5000028")]
    [InlineData("2026-11-26T06:10:00+01:00", "2026-11-26T06:10:00.0000000+01:00")]
    [InlineData("2026-11-26 06:10Z", "2026-11-26T06:10:00.0000000+00:00")]
    [InlineData("2026-11-26T06:10:00", null)]
    [InlineData("06:10", null)]
    [InlineData("yesterday", null)]
    [InlineData("backup:", null)]
    [InlineData("", null)]
    public void A_point_is_read_or_refused_never_guessed(string text, string? read) =>
        Assert.Equal(read, RestoreTarget.Parse(text)?.ToString());

    [Fact]
    public void The_database_of_a_tenant_is_known_at_every_instant()
    {
        RecordedSwap[] swaps =
        [
            Swap("u-1", 10, 20, 1, null),
            Swap("u-2", 20, 30, 3, 4),
            Swap("u-3", 20, 40, 5, null),
            Swap("u-4", 40, 20, 7, null),
        ];
        var history = new TenantHistory(20, [.. swaps]);

        long[] expected = [10, 20, 20, 30, 20, 40, 40, 20];

        Assert.Equal(expected, Enumerable.Range(0, 8).Select(hour => history.At(Point.AddHours(hour)).Oid));
        Assert.Equal(new ChangeOfRelease(new("u-2"), IsBack: true), history.At(Point.AddHours(4)).Arrived);
        Assert.Null(history.At(Point).Arrived);
        Assert.Equal(new ChangeOfRelease(new("u-1"), IsBack: false), history.At(Point).Left);
    }

    private static RecordedSwap Swap(string upgrade, long before, long after, int hour, int? back) =>
        new(
            new(upgrade),
            before,
            after,
            "0/1",
            Point.AddHours(hour),
            back is { } at ? Point.AddHours(at) : null,
            null,
            null
        );

    private static WrittenDocuments Documents(string noun, long created) =>
        new(noun, noun, false, created, 0, null, ImmutableArray<Money>.Empty, null, CountedBy.Dates);
}
