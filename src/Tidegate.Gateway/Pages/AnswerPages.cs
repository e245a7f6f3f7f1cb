using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tidegate.Gateway.Inspection;

namespace Tidegate.Gateway.Pages;

/// <summary>What the gateway answers itself. JSON callers get JSON in the shape of their protocol, everybody else a page.</summary>
internal sealed class AnswerPages(GatewayOptions options)
{
    private static readonly byte[] UnknownHost = Page("Not found", "There is nothing at this address.");

    private static readonly byte[] Maintenance = Page(
        "Back in a moment",
        "This shop is being updated. Nothing is lost. The page loads again by itself.",
        reloads: true
    );

    private static readonly byte[] BadGateway = Page("No answer", "The shop did not answer. Please try again.");

    private static readonly byte[] MaintenanceRpc = Rpc(
        503,
        "tidegate.Maintenance",
        "The service is being updated. Try again in a moment."
    );

    private static readonly byte[] BadGatewayRpc = Rpc(502, "tidegate.BadGateway", "The service did not answer.");

    private readonly string retryAfter = ((int)Math.Ceiling(options.RetryAfter.TotalSeconds)).ToString(
        CultureInfo.InvariantCulture
    );

    /// <summary>404 that names nothing: neither hosts nor tenants.</summary>
    public Task UnknownHostAsync(HttpContext context) => HtmlAsync(context, 404, UnknownHost);

    /// <summary>503 with <c>Retry-After</c>.</summary>
    public Task MaintenanceAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = retryAfter;
        return AnswerAsync(context, 503, Maintenance, MaintenanceRpc);
    }

    /// <summary>The status that the forwarder chose (502, 504), with a body.</summary>
    public Task BadGatewayAsync(HttpContext context) =>
        AnswerAsync(context, context.Response.StatusCode, BadGateway, BadGatewayRpc);

    public Task RefusedAsync(HttpContext context, GuardVerdict.Refuse refuse) =>
        AnswerAsync(
            context,
            refuse.Status,
            Page("Refused", refuse.Reason),
            Rpc(refuse.Status, "tidegate.Refused", refuse.Reason)
        );

    private static Task AnswerAsync(HttpContext context, int status, byte[] html, byte[] rpc)
    {
        var isJson =
            context.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;
        return isJson ? WriteAsync(context, status, "application/json", rpc) : HtmlAsync(context, status, html);
    }

    private static Task HtmlAsync(HttpContext context, int status, byte[] html) =>
        WriteAsync(context, status, "text/html; charset=utf-8", html);

    private static async Task WriteAsync(HttpContext context, int status, string type, byte[] body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private static byte[] Rpc(int code, string name, string message) =>
        Encoding.UTF8.GetBytes(
            $$$$"""
            {"jsonrpc":"2.0","id":null,"error":{"code":{{{{code}}}},"message":"{{{{message}}}}",
            "data":{"name":"{{{{name}}}}","message":"{{{{message}}}}","arguments":[],"context":{},"debug":""}}}
            """
        );

    private static byte[] Page(string title, string text, bool reloads = false) =>
        Encoding.UTF8.GetBytes(
            $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            {{(reloads ? """<meta http-equiv="refresh" content="5">""" : "")}}
            <title>{{title}}</title>
            <style>
            body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 20vh auto 0; max-width: 32rem; padding: 0 1rem; color: #222; background: #fafafa }
            h1 { font-size: 1.6rem }
            @media (prefers-color-scheme: dark) { body { color: #eee; background: #1c1c1c } }
            </style>
            </head>
            <body><main><h1>{{title}}</h1><p>{{text}}</p></main></body>
            </html>
            """
        );
}
