namespace Tidegate.Drivers.Journeys.Series19;

/// <summary>Writes to the live database, so only where the tenant's profile allows it by this name. Burns an order number, leaves nothing else.</summary>
internal static class DraftOrder
{
    public const string Name = "draft-order";

    // Nobody is told of the order, and nothing of it stays in a conversation.
    private static readonly Dictionary<string, bool> Quiet = new(StringComparer.Ordinal)
    {
        ["tracking_disable"] = true,
        ["mail_notrack"] = true,
        ["mail_create_nolog"] = true,
        ["mail_create_nosubscribe"] = true,
        ["mail_auto_subscribe_no_notify"] = true,
    };

    private static readonly string[] Fields = ["name", "state"];

    public static async Task<string> MakeAsync(TenantBrowser browser, CancellationToken cancellationToken)
    {
        var user = await browser.CallAsync("/web/session/get_session_info", new { }, cancellationToken);
        var kwargs = new { context = Quiet };
        var made = await browser.CallModelAsync(
            "sale.order",
            "create",
            [new[] { new { partner_id = user.GetProperty("partner_id").GetInt64() } }],
            kwargs,
            cancellationToken
        );
        try
        {
            var read = await browser.CallModelAsync("sale.order", "read", [made, Fields], new { }, cancellationToken);
            return $"{read[0].GetProperty("name").GetString()} was {read[0].GetProperty("state").GetString()}";
        }
        finally
        {
            await browser.CallModelAsync("sale.order", "unlink", [made], kwargs, cancellationToken);
        }
    }
}
