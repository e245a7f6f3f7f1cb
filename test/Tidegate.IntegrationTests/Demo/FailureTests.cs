using Microsoft.AspNetCore.Http;
using Tidegate.Demo.Traffic;

namespace Tidegate.IntegrationTests.Demo;

/// <summary>What counts as a failed request: whatever a customer would not have wanted to see.</summary>
public sealed class FailureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_page_that_became_the_log_in_form_has_failed() =>
        PageFailsAsync("log-in page", HtmlInstead("""<form class="oe_login_form">"""));

    [Fact]
    public Task A_page_that_became_the_database_selector_has_failed() =>
        PageFailsAsync("database selector", HtmlInstead("""<div class="database_list">"""));

    [Fact]
    public Task A_page_that_sends_elsewhere_has_failed() =>
        PageFailsAsync(
            "/web/login",
            context =>
            {
                context.Response.Redirect("/web/login");
                return Task.FromResult(true);
            }
        );

    [Fact]
    public Task A_status_of_503_has_failed() =>
        PageFailsAsync(
            "HTTP 503",
            context =>
            {
                context.Response.StatusCode = 503;
                return Task.FromResult(true);
            }
        );

    [Fact]
    public Task A_connection_that_was_cut_has_failed() =>
        PageFailsAsync(
            "",
            context =>
            {
                context.Abort();
                return Task.FromResult(true);
            }
        );

    [Fact]
    public Task An_answer_that_does_not_come_has_failed_and_is_not_asked_for_again() =>
        PageFailsAsync(
            "no answer within",
            async context =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
            },
            timeOut: TimeSpan.FromSeconds(0.3)
        );

    [Fact]
    public async Task An_error_of_a_call_has_failed_although_its_status_is_200()
    {
        await using var shop = await FakeShop.OpenAsync();
        shop.Instead = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                """{"jsonrpc":"2.0","error":{"code":200,"message":"Odoo Server Error"}}"""
            );
            return true;
        };
        var log = new TrafficLog();
        using var program = new RpcClient(Client(shop, log), "shop-oslo", log, TimeProvider.System);

        await program.OrderAsync("run-1", partner: 1, product: 1, Token);

        Assert.Contains("Odoo Server Error", Assert.Single(log.Requests).Failure, StringComparison.Ordinal);
        Assert.False(Assert.Single(log.Orders).Acknowledged);
    }

    [Fact]
    public async Task An_empty_asset_and_one_of_another_type_have_failed()
    {
        await using var shop = await FakeShop.OpenAsync();
        var log = new TrafficLog();
        using var browser = new Browser(Client(shop, log));
        shop.Instead = context =>
        {
            context.Response.ContentType = "text/css";
            return Task.FromResult(true);
        };

        await browser.LoadAssetAsync("/web/assets/1/a.css", Token);
        await browser.LoadAssetAsync("/web/assets/1/a.js", Token);

        Assert.Collection(
            log.Requests,
            css => Assert.Equal("an empty answer", css.Failure),
            script => Assert.Contains("instead of javascript", script.Failure, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task An_asset_that_moved_to_a_new_version_is_followed_as_a_browser_does()
    {
        await using var shop = await FakeShop.OpenAsync();
        var log = new TrafficLog();
        using var browser = new Browser(Client(shop, log));
        shop.Instead = context =>
        {
            var isOld = context.Request.Path.Value!.Contains("/old/", StringComparison.Ordinal);
            if (isOld)
            {
                context.Response.Redirect("/web/assets/new/a.css");
            }

            return Task.FromResult(isOld);
        };

        await browser.LoadAssetAsync("/web/assets/old/a.css", Token);

        Assert.Equal("/web/assets/old/a.css /web/assets/new/a.css", string.Join(' ', shop.Seen));
        Assert.DoesNotContain(log.Requests, request => request.Failure is not null);
    }

    [Fact]
    public async Task Another_picture_than_before_has_failed()
    {
        await using var shop = await FakeShop.OpenAsync();
        var log = new TrafficLog();
        using var browser = new Browser(Client(shop, log));

        await browser.LoadImageAsync("/web/image/1", found => Expected.Image(found, "0000"), Token);

        Assert.Equal("another picture than before", Assert.Single(log.Requests).Failure);
    }

    private static async Task PageFailsAsync(
        string reason,
        Func<HttpContext, Task<bool>> instead,
        TimeSpan? timeOut = null
    )
    {
        await using var shop = await FakeShop.OpenAsync();
        shop.Instead = instead;
        var log = new TrafficLog();
        using var browser = new Browser(Client(shop, log, timeOut));

        await browser.LookAtPageAsync(Token);

        var request = Assert.Single(log.Requests);
        Assert.Contains(reason, request.Failure, StringComparison.Ordinal);
        Assert.Equal("oslo.localhost/odoo", request.Url);
        Assert.Single(shop.Seen);
    }

    private static Func<HttpContext, Task<bool>> HtmlInstead(string html) =>
        async context =>
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync(html);
            return true;
        };

    private static ShopClient Client(FakeShop shop, TrafficLog log, TimeSpan? timeOut = null)
    {
        var options = timeOut is { } patience ? shop.Options with { TimeOut = patience } : shop.Options;
        return new("shop-oslo", "oslo.localhost", options, log, TimeProvider.System);
    }
}
