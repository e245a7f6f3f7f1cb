using Tidegate.Contracts.Fleet;
using Tidegate.Demo.Traffic;

namespace Tidegate.Demo.Story;

/// <summary>The fleet of the story: a shared pool of four shops and a dedicated one of one. Names, not things.</summary>
internal static class StoryFleet
{
    public const string Environment = "production";

    /// <summary>The release that runs when the story begins.</summary>
    public const string FirstRelease = "2026.11.1";

    /// <summary>The file in the site's <c>secrets</c> folder that holds the password of the journeys' user.</summary>
    public const string JourneySecret = "demo-journey";

    /// <summary>The template's user for the journeys.</summary>
    public const string JourneyLogin = "journey";

    /// <summary>The template's user whom the traffic plays: sells, and sees the stock.</summary>
    public const string ShopLogin = "shop";

    private const string Site = "local";

    // Odoo's workers take no second request while they have one; two let a page and its assets load at once.
    private const int Workers = 2;

    public static IReadOnlyList<PoolDocument> Pools { get; } =
    [new("shared", Site, Environment, "shared", Workers), new("dedicated", Site, Environment, "dedicated", Workers)];

    public static IReadOnlyList<TenantDocument> Tenants { get; } =
    [
        Tenant("shop-oslo", "shared", "Europe/Oslo"),
        Tenant("shop-lisbon", "shared", "Europe/Lisbon", "outlet-lisbon"),
        Tenant("shop-athens", "shared", "Europe/Athens"),
        Tenant("shop-warsaw", "shared", "Europe/Warsaw"),
        Tenant("shop-berlin", "dedicated", "Europe/Berlin"),
    ];

    /// <summary>The tenants as their customers see them.</summary>
    public static IEnumerable<Shop> Shops(string password) =>
        Tenants.Select(tenant => new Shop(tenant.Name, tenant.Hosts, tenant.Database, ShopLogin, password));

    // Browsers take every name below localhost for this machine, so the hosts work in one without a line in /etc/hosts.
    private static TenantDocument Tenant(
        string name,
        string pool,
        string timeZone,
        params ReadOnlySpan<string> others
    ) =>
        new(
            name,
            pool,
            Database: name,
            Hosts: [$"{name}.localhost", .. others.ToArray().Select(other => $"{other}.localhost")],
            timeZone,
            JourneyLogin,
            JourneySecret,
            FirstRelease
        );
}
