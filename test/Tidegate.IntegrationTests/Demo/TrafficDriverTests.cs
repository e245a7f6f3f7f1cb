using Tidegate.Demo.Story;
using Tidegate.Demo.Traffic;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Demo;

public sealed class TrafficDriverTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Customers_keep_coming_while_the_shop_answers_nobody_and_all_are_answered_later()
    {
        await using var shop = await FakeShop.OpenAsync();
        var options = shop.Options with { VisitsPerSecond = 50 };
        await using var driver = await TrafficDriver.StartAsync([shop.Shop], options, TimeProvider.System, Token);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shop.Instead = async _ =>
        {
            await opened.Task.WaitAsync(Token);
            return false;
        };

        var before = shop.Seen.Count;
        await Eventually.IsTrueAsync(() => shop.Seen.Count - before > 100, () => "the traffic does not get there");
        var stuck = driver.Log.Requests.Count();
        opened.SetResult();
        await driver.StopAsync(Token);

        Assert.True(stuck < shop.Seen.Count - 90, "requests came although earlier ones were not answered");
        Assert.Equal(shop.Seen.Count, driver.Log.Requests.Count());
        Assert.DoesNotContain(driver.Log.Requests, request => request.Failure is not null);
    }

    [Fact]
    public async Task The_visits_are_of_every_kind()
    {
        await using var shop = await FakeShop.OpenAsync();
        var options = shop.Options with { VisitsPerSecond = 500 };
        await using var driver = await TrafficDriver.StartAsync([shop.Shop], options, TimeProvider.System, Token);
        var entered = driver.Log.Requests.Count();

        await Eventually.IsTrueAsync(
            () =>
                driver.Log.Requests.Skip(entered).Select(request => request.Kind).Distinct().Count()
                == Enum.GetValues<RequestKind>().Length,
            () => "the traffic does not get there"
        );
        await driver.StopAsync(Token);

        Assert.All(driver.Log.Orders, order => Assert.True(order is { Acknowledged: true, Confirmed: true }));
    }

    [Fact]
    public async Task A_shop_that_lets_nobody_in_is_named_before_the_traffic_begins()
    {
        await using var shop = await FakeShop.OpenAsync();
        var locked = shop.Shop with { Password = "wrong" };

        var refused = await Assert.ThrowsAsync<StoryException>(() =>
            TrafficDriver.StartAsync([locked], shop.Options, TimeProvider.System, Token)
        );

        Assert.Contains("shop-oslo does not work", refused.Message, StringComparison.Ordinal);
        Assert.Contains("log-in refused", refused.Message, StringComparison.Ordinal);
    }
}
