using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tidegate.Drivers.Journeys.Series19;

/// <summary>What a user's browser does: log in, open the page with its style and code, look up products, connect the bus, log out.</summary>
internal sealed partial class BrowserJourneys : IJourneyGroup
{
    private const string Page = "/odoo";

    public async Task MakeAsync(
        JourneyTarget target,
        JourneyLog log,
        PriceBook prices,
        CancellationToken cancellationToken
    )
    {
        using var browser = new TenantBrowser(target);
        var isIn = await log.MakeAsync(
            "log-in",
            $"log in as {target.Login} at {target.PublicUrl.Authority}",
            token => LogInAsync(target, browser, token),
            cancellationToken
        );
        (string Journey, string Asked, Func<CancellationToken, Task<string>> Make)[] inside =
        [
            ("page", $"{Page} with one style sheet and one script of it", token => OpenPageAsync(browser, token)),
            ("availability", "quantities of storable products", token => LookUpAsync(browser, token)),
            (
                "websocket",
                "handshake at the evented port",
                token => WebsocketHandshake.MakeAsync(target, browser, token)
            ),
        ];
        foreach (var (journey, asked, make) in inside)
        {
            await log.MakeAsync(journey, asked, isIn ? make : NotInAsync, cancellationToken);
        }

        if (isIn && target.MayWrite(DraftOrder.Name))
        {
            await log.MakeAsync(
                DraftOrder.Name,
                "create, read and remove a draft order",
                token => DraftOrder.MakeAsync(browser, token),
                cancellationToken
            );
        }

        if (isIn)
        {
            await log.MakeAsync("log-out", "end the session", token => LogOutAsync(browser, token), cancellationToken);
        }
    }

    private static Task<string> NotInAsync(CancellationToken cancellationToken) =>
        throw new JourneyException("not made: the log in failed");

    private static async Task<string> LogInAsync(
        JourneyTarget target,
        TenantBrowser browser,
        CancellationToken cancellationToken
    )
    {
        var session = await browser.CallAsync(
            "/web/session/authenticate",
            new
            {
                db = target.Tenant.Database,
                login = target.Login,
                password = target.Password,
            },
            cancellationToken
        );
        return session.TryGetProperty("uid", out var uid) && uid.ValueKind is JsonValueKind.Number
            ? $"user {uid} on Odoo {session.GetProperty("server_version").GetString()}"
            : throw new JourneyException("Odoo let nobody in: a second factor, or no user");
    }

    private static async Task<string> OpenPageAsync(TenantBrowser browser, CancellationToken cancellationToken)
    {
        var page = await browser.GetAsync(Page, cancellationToken);
        if (page.Status is not HttpStatusCode.OK)
        {
            throw new JourneyException($"the page answered status {(int)page.Status}");
        }

        var style = await AssetAsync(browser, "style sheet", Style().Match(page.Body), cancellationToken);
        var script = await AssetAsync(browser, "script", Script().Match(page.Body), cancellationToken);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"page {page.Body.Length}, style {style}, script {script} characters"
        );
    }

    private static async Task<int> AssetAsync(
        TenantBrowser browser,
        string kind,
        Match link,
        CancellationToken cancellationToken
    )
    {
        if (!link.Success)
        {
            throw new JourneyException($"the page names no {kind}");
        }

        var path = WebUtility.HtmlDecode(link.Groups["path"].Value);
        var asset = await browser.GetAsync(path, cancellationToken);
        return asset is { Status: HttpStatusCode.OK, Body.Length: > 0 and var length }
            ? length
            : throw new JourneyException(
                $"the {kind} {path} answered status {(int)asset.Status} with {asset.Body.Length} characters"
            );
    }

    private static async Task<string> LookUpAsync(TenantBrowser browser, CancellationToken cancellationToken)
    {
        string[] fields = ["qty_available", "free_qty", "virtual_available"];
        var products = await browser.CallModelAsync(
            "product.product",
            "search_read",
            [new object[] { new object[] { "is_storable", "=", true } }, fields],
            new { limit = 5, order = "id" },
            cancellationToken
        );
        return products.GetArrayLength() > 0
            ? $"{products.GetArrayLength()} products; the first has {products[0].GetProperty("qty_available")} on hand"
            : throw new JourneyException("no storable product was found");
    }

    private static async Task<string> LogOutAsync(TenantBrowser browser, CancellationToken cancellationToken)
    {
        await browser.CallAsync("/web/session/destroy", new { }, cancellationToken);
        return "the session has ended";
    }

    [GeneratedRegex("<link[^>]+href=\"(?<path>/web/assets/[^\"]+\\.css)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Style();

    [GeneratedRegex("<script[^>]+src=\"(?<path>/web/assets/[^\"]+\\.js)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Script();
}
