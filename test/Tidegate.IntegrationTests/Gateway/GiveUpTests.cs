using System.Net;

namespace Tidegate.IntegrationTests.Gateway;

/// <summary>A client that leaves while it is held must never be forwarded: its retry would make a second order.</summary>
public sealed class GiveUpTests
{
    [Theory]
    [InlineData("closes", 0)]
    [InlineData("closes", 1024)]
    [InlineData("closes its sending side", 0)]
    [InlineData("closes its sending side", 1024)]
    [InlineData("resets", 0)]
    [InlineData("resets", 1024)]
    public async Task A_client_that_leaves_while_held_and_asks_again_has_one_order(string how, int buffered)
    {
        await using var site = await GatewaySite.StartAsync(options => options with { BufferedConnections = buffered });
        await site.HoldAsync();
        using var first = await RawClient.ConnectAsync(site.Address);
        await first.SendAsync(RawClient.Post("/order", "first"));
        await site.UntilAsync(status => status.Held == 1);

        Leave(first, how);
        var retry = site.SendAsync(HttpMethod.Post, "/order", new StringContent("second"));
        await site.UntilAsync(status => status.Held == 1 && status.HeldBytes == "second".Length);
        await site.ReleaseAsync();

        Assert.Equal(HttpStatusCode.OK, (await retry).StatusCode);
        Assert.Equal("/order second", Assert.Single(site.Old.Asked));
    }

    [Theory]
    [InlineData("closes", 0)]
    [InlineData("closes", 1024)]
    [InlineData("closes its sending side", 0)]
    [InlineData("closes its sending side", 1024)]
    [InlineData("resets", 0)]
    [InlineData("resets", 1024)]
    public async Task A_client_that_leaves_right_before_the_release_is_not_forwarded(string how, int buffered)
    {
        await using var site = await GatewaySite.StartAsync(options => options with { BufferedConnections = buffered });
        for (var round = 0; round < 30; round++)
        {
            await site.HoldAsync(hold: $"u-{round}");
            using var client = await RawClient.ConnectAsync(site.Address);
            await client.SendAsync(RawClient.Post("/order", "left"));
            await site.UntilAsync(status => status.Held == 1);

            Leave(client, how);
            await client.HasReachedAsync(site.Address);
            await site.ReleaseAsync($"u-{round}");
            await site.UntilAsync(status => status is { State: Contracts.Gateway.GateState.Open, InFlight: 0 });
        }

        Assert.Empty(site.Old.Asked);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_its_body_leaves_nothing_behind()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.HoldAsync();
        using var client = await RawClient.ConnectAsync(site.Address);
        await client.SendAsync($"POST /order HTTP/1.1\r\nHost: {GatewaySite.Host}\r\nContent-Length: 100\r\n\r\nhalf");
        await site.UntilAsync(status => status is { Held: 1, HeldBytes: 4 });

        client.Dispose();

        await site.UntilAsync(status => status is { Held: 0, HeldBytes: 0 });
        await site.ReleaseAsync();
        Assert.Empty(site.Old.Asked);
    }

    [Fact]
    public async Task An_upload_slower_than_the_hold_arrives_whole()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.HoldAsync();
        using var client = await RawClient.ConnectAsync(site.Address);
        await client.SendAsync($"POST /order HTTP/1.1\r\nHost: {GatewaySite.Host}\r\nContent-Length: 10\r\n\r\n01234");
        await site.UntilAsync(status => status.HeldBytes == 5);
        await client.SendAsync("5");
        await site.UntilAsync(status => status.HeldBytes == 6);

        await site.ReleaseAsync();
        await site.UntilAsync(status => status.InFlight == 1);
        await client.SendAsync("6789");

        Assert.Contains("done", await client.ReadUntilAsync("done"), StringComparison.Ordinal);
        Assert.Equal("/order 0123456789", Assert.Single(site.Old.Asked));
    }

    [Fact]
    public async Task A_request_whose_generation_dies_is_not_sent_again()
    {
        await using var site = await GatewaySite.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/warm")).StatusCode); // the connection is kept
        site.Old.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        var withBody = await site.SendAsync(HttpMethod.Post, "/order", new StringContent("one"));
        site.Old.Answer = context => Task.CompletedTask;
        await site.GetAsync("/warm-again");
        site.Old.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        var without = await site.SendAsync(HttpMethod.Post, "/order-without-body");

        Assert.Equal(HttpStatusCode.BadGateway, withBody.StatusCode);
        Assert.Equal(HttpStatusCode.BadGateway, without.StatusCode);
        Assert.Equal(
            ["/warm", "/order one", "/warm-again", "/order-without-body"],
            site.Old.Asked,
            StringComparer.Ordinal
        );
    }

    private static void Leave(RawClient client, string how)
    {
        switch (how)
        {
            case "closes":
                client.Dispose();
                break;
            case "closes its sending side":
                client.CloseSendingSide();
                break;
            default:
                client.Reset();
                break;
        }
    }
}
