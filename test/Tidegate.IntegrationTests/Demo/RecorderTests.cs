using Tidegate.Contracts.Gateway;
using Tidegate.Demo.Recording;
using Tidegate.Demo.Traffic;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Demo;

public sealed class RecorderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_that_are_there_once_are_neither_lost_nor_doubled()
    {
        var record = await RecordAsync(_ => { }, sent => sent.Orders.Count(order => order.Confirmed) > 5);

        Assert.True(record.Orders.Sent > 5);
        Assert.Equal(record.Orders.Sent, record.Orders.Acknowledged);
        Assert.Empty(record.Orders.Lost);
        Assert.Empty(record.Orders.Doubled);
        Assert.Empty(record.Failures);
        Assert.Equal(0, record.RequestsHeld);
    }

    [Fact]
    public async Task An_acknowledged_order_that_the_database_does_not_have_is_lost()
    {
        var record = await RecordAsync(
            shop => shop.CopiesStored = 0,
            sent => sent.Orders.Any(order => order.Acknowledged)
        );

        Assert.NotEmpty(record.Orders.Lost);
        Assert.Empty(record.Orders.Doubled);
    }

    [Fact]
    public async Task An_order_that_the_database_has_twice_is_doubled()
    {
        var record = await RecordAsync(
            shop => shop.CopiesStored = 2,
            sent => sent.Orders.Any(order => order.Acknowledged)
        );

        Assert.NotEmpty(record.Orders.Doubled);
        Assert.Empty(record.Orders.Lost);
    }

    [Fact]
    public async Task A_request_that_the_gateway_held_is_counted_with_its_tenant_and_its_wait()
    {
        var record = await RecordAsync(
            shop =>
                shop.Instead = context =>
                {
                    context.Response.Headers[GatewayHeaders.Held] = "1500";
                    return Task.FromResult(false);
                },
            sent => sent.Requests.Count(request => request.WasHeld) > 20
        );

        Assert.Equal(record.RequestsSent, record.Held["shop-oslo"].Requests);
        Assert.True(record.Held["shop-oslo"].Longest > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, record.Latency.Longest);
    }

    [Fact]
    public async Task Whoever_was_logged_in_and_is_no_longer_is_a_failed_request()
    {
        var record = await RecordAsync(
            shop =>
                shop.Instead = context =>
                {
                    var isPage = context.Request.Path == "/odoo";
                    if (isPage)
                    {
                        context.Response.Redirect("/web/login");
                    }

                    return Task.FromResult(isPage);
                },
            _ => true
        );

        Assert.Contains(record.Failures, failure => failure.Kind == RequestKind.Page);
    }

    private static async Task<WindowRecord> RecordAsync(Action<FakeShop> change, Func<Sent, bool> enough)
    {
        await using var shop = await FakeShop.OpenAsync();
        var options = shop.Options with { VisitsPerSecond = 200, BrowsersPerHost = 1 };
        await using var driver = await TrafficDriver.StartAsync([shop.Shop], options, TimeProvider.System, Token);
        // What began before the change is not what the test is about.
        await driver.SettledAsync(Token);
        change(shop);
        var recorder = new Recorder(driver, shop, options.Run, TimeProvider.System);
        var start = TimeProvider.System.GetUtcNow();

        var sent = new Sent(driver.Log, start);
        await Eventually.IsTrueAsync(() => enough(sent), () => "the traffic does not get there");
        return await recorder.EndAsync(start, Token);
    }

    /// <summary>What was sent since the record began: what went before is in the log and not in the record.</summary>
    private sealed record Sent(TrafficLog Log, DateTimeOffset Start)
    {
        public IEnumerable<PlacedOrder> Orders => Log.Orders.Where(order => order.SentAt >= Start);

        public IEnumerable<SentRequest> Requests => Log.Requests.Where(request => request.SentAt >= Start);
    }
}
