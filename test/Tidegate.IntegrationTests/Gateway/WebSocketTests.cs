using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tidegate.Contracts.Gateway;

namespace Tidegate.IntegrationTests.Gateway;

public sealed class WebSocketTests
{
    [Fact]
    public async Task Messages_pass_both_ways()
    {
        await using var site = await StartAsync();
        using var socket = await ConnectAsync(site);

        await socket.SendAsync(
            "ping"u8.ToArray(),
            WebSocketMessageType.Text,
            true,
            TestContext.Current.CancellationToken
        );

        Assert.Equal("ping", await ReceiveAsync(socket));
        var status = await site.StatusAsync();
        Assert.Equal((0, 1), (status.InFlight, status.WebSockets));
    }

    [Fact]
    public async Task A_hold_closes_websockets_with_1012_and_then_is_drained()
    {
        await using var site = await StartAsync();
        using var first = await ConnectAsync(site);
        using var second = await ConnectAsync(site);

        await site.HoldAsync();

        var buffer = new byte[100];
        foreach (var socket in new[] { first, second })
        {
            var end = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.Equal(WebSocketMessageType.Close, end.MessageType);
            Assert.Equal(1012, (int)end.CloseStatus!);
        }

        await site.UntilAsync(status => status.IsDrained);
    }

    [Fact]
    public async Task A_message_under_way_is_whole_before_the_close()
    {
        await using var site = await GatewaySite.StartAsync();
        var rest = new TaskCompletionSource();
        site.Old.Answer = async context =>
        {
            // A frame of ten bytes, written by hand in two parts.
            context.Response.StatusCode = StatusCodes.Status101SwitchingProtocols;
            var upgrade = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpUpgradeFeature>()!;
            context.Response.Headers.Upgrade = "websocket";
            context.Response.Headers.SecWebSocketAccept = Accept(context.Request.Headers.SecWebSocketKey.ToString());
            await using var stream = await upgrade.UpgradeAsync();
            await stream.WriteAsync(new byte[] { 0x81, 10, (byte)'0', (byte)'1', (byte)'2', (byte)'3', (byte)'4' });
            await rest.Task;
            await stream.WriteAsync("56789"u8.ToArray());
            await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
        };
        using var socket = await ConnectAsync(site);
        // What has come here has begun in the gateway's eyes too.
        var begun = await ReceivePartAsync(socket, most: 5);

        await site.HoldAsync();
        rest.SetResult();

        Assert.Equal("0123456789", begun.Text + await ReceiveAsync(socket));
        var end = await socket.ReceiveAsync(new byte[10], TestContext.Current.CancellationToken);
        Assert.Equal(1012, (int)end.CloseStatus!);
    }

    [Fact]
    public async Task New_websockets_are_refused_during_a_hold_and_welcome_after_it()
    {
        await using var site = await StartAsync();
        await site.HoldAsync();

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(site));
        await site.ReleaseAsync();
        await site.UntilAsync(status => status.State == GateState.Open);
        using var socket = await ConnectAsync(site);

        Assert.Contains("503", refused.Message, StringComparison.Ordinal);
        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task A_handshake_in_flight_when_the_hold_begins_counts_and_its_websocket_is_closed()
    {
        await using var site = await GatewaySite.StartAsync();
        var accept = new TaskCompletionSource();
        site.Old.Answer = async context =>
        {
            await accept.Task;
            await EchoAsync(context);
        };
        var connecting = ConnectAsync(site);
        await site.UntilAsync(status => status.InFlight == 1);

        var status = await site.HoldAsync();
        Assert.Equal(1, status.InFlight);
        accept.SetResult();

        using var socket = await connecting;
        var end = await socket.ReceiveAsync(new byte[10], TestContext.Current.CancellationToken);
        Assert.Equal(1012, (int)end.CloseStatus!);
        await site.UntilAsync(each => each.IsDrained);
    }

    [Fact]
    public async Task A_client_that_offers_http2_is_an_ordinary_request()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.HoldAsync();
        using var client = await RawClient.ConnectAsync(site.Address);
        await client.SendAsync(
            RawClient.Post(
                "/order",
                "one",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
            )
        );
        await site.UntilAsync(status => status.Held == 1);

        await site.ReleaseAsync();

        Assert.StartsWith("HTTP/1.1 200", await client.ReadUntilAsync("done"), StringComparison.Ordinal);
        Assert.False(site.Old.Headers.ContainsKey("Upgrade"));
    }

    private static async Task<GatewaySite> StartAsync()
    {
        var site = await GatewaySite.StartAsync();
        site.Old.Answer = EchoAsync;
        return site;
    }

    private static async Task<ClientWebSocket> ConnectAsync(GatewaySite site)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", GatewaySite.Host);
        socket.Options.Proxy = null;
        var address = new UriBuilder(site.Address) { Scheme = "ws", Path = "/websocket" }.Uri;
        await socket.ConnectAsync(address, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>All that is left of a message.</summary>
    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var text = "";
        while (true)
        {
            var part = await ReceivePartAsync(socket, most: 100);
            text += part.Text;
            if (part.IsLast)
            {
                return text;
            }
        }
    }

    /// <summary>So many bytes, or fewer where the frame ends.</summary>
    private static async Task<(string Text, bool IsLast)> ReceivePartAsync(ClientWebSocket socket, int most)
    {
        var buffer = new byte[most];
        var received = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        return (Encoding.UTF8.GetString(buffer, 0, received.Count), received.EndOfMessage);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1000];
        while (socket.State == WebSocketState.Open)
        {
            var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            await socket.SendAsync(
                buffer.AsMemory(0, received.Count),
                received.MessageType,
                received.EndOfMessage,
                context.RequestAborted
            );
        }
    }

    [SuppressMessage(
        "Security",
        "CA5350:Do Not Use Weak Cryptographic Algorithms",
        Justification = "RFC 6455 asks for it"
    )]
    private static string Accept(string key) =>
        Convert.ToBase64String(
            System.Security.Cryptography.SHA1.HashData(
                Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
            )
        );
}
