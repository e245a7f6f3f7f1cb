using System.Globalization;
using Tidegate.Drivers.Databases;

namespace Tidegate.OdooTests.Cutover;

/// <summary>Orders that the shop takes, and the release that serves it.</summary>
internal static class SiteOrders
{
    /// <returns>The number that the order got.</returns>
    public static async Task<string> SellAsync(this WholeSite site, string reference)
    {
        using var visitor = new ShopVisitor(site.GatewayPort, WholeSite.Host);
        await visitor.LogInAsync(WholeSite.Database, "shop", site.ShopPassword);
        await visitor.OrderAsync(await visitor.PrepareOrderAsync(reference));
        return (
            await site.ScalarAsync(
                WholeSite.Database,
                "select name from sale_order where client_order_ref = $1 order by id desc limit 1",
                reference
            )
        )!;
    }

    /// <summary>Of two orders the one that was taken later has the higher.</summary>
    public static long Number(string order) => long.Parse(order.TrimStart('S'), CultureInfo.InvariantCulture);

    public static Task<string?> ReleaseAsync(this WholeSite site) =>
        site.ScalarAsync(
            DatabaseNames.ControlDatabase,
            $"select release from tenant where name = '{WholeSite.Database}'"
        );
}
