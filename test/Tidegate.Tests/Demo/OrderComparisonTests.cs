using Tidegate.Demo.Recording;
using Tidegate.Demo.Traffic;

namespace Tidegate.Tests.Demo;

public sealed class OrderComparisonTests
{
    private static readonly DateTimeOffset Nine = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private static readonly RolloutWindow Window = new(Nine, Nine.AddMinutes(1));

    [Fact]
    public void An_order_of_an_earlier_window_that_is_gone_now_is_lost()
    {
        var earlier = new PlacedOrder("a", "oslo", Nine.AddHours(-1), Acknowledged: true);

        var figures = OrderComparison.Compare([earlier], [], Window);

        Assert.Equal(["a"], figures.Lost);
        Assert.Equal(0, figures.Sent);
    }

    [Fact]
    public void A_confirmation_that_was_acknowledged_and_is_not_stored_is_lost()
    {
        var order = new PlacedOrder("a", "oslo", Nine, Acknowledged: true, Confirmed: true);

        var figures = OrderComparison.Compare([order], [new("a", Copies: 1, Confirmed: false)], Window);

        Assert.Equal(["a"], figures.Lost);
    }

    [Fact]
    public void A_stored_order_that_no_client_knows_of_is_told_apart()
    {
        var order = new PlacedOrder("a", "oslo", Nine);

        var figures = OrderComparison.Compare([order], [new("a", Copies: 1, Confirmed: false)], Window);

        Assert.Equal(["a"], figures.StoredUnacknowledged);
        Assert.Empty(figures.Lost);
        Assert.Equal((1, 0), (figures.Sent, figures.Acknowledged));
    }

    [Fact]
    public void A_doubled_order_counts_even_if_no_client_knows_of_it()
    {
        var order = new PlacedOrder("a", "oslo", Nine);

        var figures = OrderComparison.Compare([order], [new("a", Copies: 2, Confirmed: false)], Window);

        Assert.Equal(["a"], figures.Doubled);
    }

    [Fact]
    public void Percentiles_are_measured_values()
    {
        var figures = LatencyFigures.Of(Enumerable.Range(1, 100).Select(one => TimeSpan.FromMilliseconds(one)));

        Assert.Equal(
            (50d, 95d, 99d, 100d),
            (
                figures.P50.TotalMilliseconds,
                figures.P95.TotalMilliseconds,
                figures.P99.TotalMilliseconds,
                figures.Longest.TotalMilliseconds
            )
        );
    }
}
