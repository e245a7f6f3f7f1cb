using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tidegate.Demo.Recording;
using Tidegate.Demo.Traffic;

namespace Tidegate.IntegrationTests.Demo;

/// <summary>As much of Odoo's outside as the traffic sees, on a free port. <see cref="Instead"/> makes it misbehave.</summary>
internal sealed class FakeShop : IOrderBook, IAsyncDisposable
{
    private static readonly byte[] Picture = [0x89, 0x50, 0x4e, 0x47];
    private readonly ConcurrentQueue<string> _stored = new();
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, bool> _sessions = new(StringComparer.Ordinal);

    private FakeShop(WebApplication server) => _server = server;

    /// <summary>Answers in the shop's place when it returns true.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    /// <summary>How often an order is stored when it is created; 1 is right.</summary>
    public int CopiesStored { get; set; } = 1;

    public ConcurrentQueue<string> Seen { get; } = new();

    public int Port => new Uri(_server.Urls.Single()).Port;

    public Shop Shop { get; } = new("shop-oslo", ["oslo.localhost"], "oslo", "clerk", "secret");

    public TrafficOptions Options => new() { GatewayPort = Port, Run = "run" };

    public static async Task<FakeShop> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var shop = new FakeShop(builder.Build());
        shop._server.Run(shop.AnswerAsync);
        await shop._server.StartAsync(TestContext.Current.CancellationToken);
        return shop;
    }

    public Task<IReadOnlyList<StoredOrder>> ReadAsync(string tenant, string run, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredOrder>>([
            .. _stored
                .Where(reference => reference.StartsWith(run, StringComparison.Ordinal))
                .GroupBy(reference => reference, StringComparer.Ordinal)
                .Select(group => new StoredOrder(group.Key, group.Count(), Confirmed: true)),
        ]);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        Seen.Enqueue(path);
        if (await Instead(context))
        {
            return;
        }

        await (
            path switch
            {
                "/web/login" => LogInAsync(context),
                "/web/session/authenticate" => AuthenticateAsync(context),
                "/odoo" => PageAsync(context),
                _ when path.EndsWith(".css", StringComparison.Ordinal) => SendAsync(context, "text/css", "a{}"u8),
                _ when path.EndsWith(".js", StringComparison.Ordinal) => SendAsync(context, "text/javascript", "1"u8),
                _ when path.StartsWith("/web/image/", StringComparison.Ordinal) => SendAsync(
                    context,
                    "image/png",
                    Picture
                ),
                _ => CallAsync(context),
            }
        );
    }

    private Task LogInAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method))
        {
            return HtmlAsync(
                context,
                """<form class="oe_login_form"><input name="csrf_token" value="t&amp;1"/></form>"""
            );
        }

        if (context.Request.Form["csrf_token"] != "t&1" || context.Request.Form["password"] != Shop.Password)
        {
            return HtmlAsync(context, """<form class="oe_login_form">wrong</form>""");
        }

        Rotate(context);
        context.Response.Redirect("/odoo");
        return Task.CompletedTask;
    }

    private Task AuthenticateAsync(HttpContext context)
    {
        Rotate(context);
        return ResultAsync(context, new JsonObject { ["uid"] = 2 });
    }

    /// <summary>Gives a new session id each time. The one before stays good, as Odoo does for requests that are on their way.</summary>
    private Task PageAsync(HttpContext context)
    {
        if (!_sessions.ContainsKey(context.Request.Cookies["session_id"] ?? ""))
        {
            context.Response.Redirect("/web/login?redirect=/odoo");
            return Task.CompletedTask;
        }

        Rotate(context);
        return HtmlAsync(
            context,
            """<link href="/web/assets/1a/web.min.css"/><script src="/web/assets/1b/web.min.js"></script>"""
        );
    }

    private async Task CallAsync(HttpContext context)
    {
        var call = await JsonNode.ParseAsync(context.Request.Body);
        var parameters = call!["params"]!;
        switch ((string)parameters["method"]!)
        {
            case "create":
                var reference = (string)parameters["args"]![0]!["client_order_ref"]!;
                for (var copy = 0; copy < CopiesStored; copy++)
                {
                    _stored.Enqueue(reference);
                }

                await ResultAsync(context, new JsonArray(7));
                break;
            case "search_read":
                await ResultAsync(context, new JsonArray(new JsonObject { ["id"] = 1 }));
                break;
            default:
                await ResultAsync(context, JsonValue.Create(true));
                break;
        }
    }

    private void Rotate(HttpContext context)
    {
        var session = $"s{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):n}";
        _sessions[session] = true;
        context.Response.Cookies.Append("session_id", session);
    }

    private static Task HtmlAsync(HttpContext context, string html) =>
        SendAsync(context, "text/html", System.Text.Encoding.UTF8.GetBytes(html));

    private static Task ResultAsync(HttpContext context, JsonNode result) =>
        SendAsync(context, "application/json", JsonSerializer.SerializeToUtf8Bytes(new { jsonrpc = "2.0", result }));

    private static Task SendAsync(HttpContext context, string contentType, ReadOnlySpan<byte> body)
    {
        context.Response.ContentType = contentType;
        return context.Response.Body.WriteAsync(body.ToArray()).AsTask();
    }
}
