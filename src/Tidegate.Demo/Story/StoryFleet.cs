using Tidegate.Contracts.Fleet;
using Tidegate.Demo.Traffic;

namespace Tidegate.Demo.Story;

/// <summary>The fleet of a story. Names, not things.</summary>
/// <param name="Environments">Name, and what each asks besides its release: lines of its file.</param>
internal sealed record StoryFleet(
    IReadOnlyList<(string Name, string Terms)> Environments,
    IReadOnlyList<PoolDocument> Pools,
    IReadOnlyList<TenantDocument> Tenants
)
{
    public const string Production = "production";

    public const string Staging = "staging";

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

    /// <summary>A shared pool of four shops and a dedicated one of one.</summary>
    public static StoryFleet Cutover { get; } =
        new(
            [(Production, "")],
            [
                new("shared", Site, Production, "shared", Workers),
                new("dedicated", Site, Production, "dedicated", Workers),
            ],
            [
                Tenant("shop-oslo", "shared", "Europe/Oslo"),
                Tenant("shop-lisbon", "shared", "Europe/Lisbon", "outlet-lisbon"),
                Tenant("shop-athens", "shared", "Europe/Athens"),
                Tenant("shop-warsaw", "shared", "Europe/Warsaw"),
                Tenant("shop-berlin", "dedicated", "Europe/Berlin"),
            ]
        );

    /// <summary>A shop to try releases on, and two that sell: what production gets has stayed in staging for a while.</summary>
    public static StoryFleet Promotion { get; } =
        new(
            [(Staging, ""), (Production, "upstream: [staging]\nsoak: 30s\n")],
            [new("trial", Site, Staging, "shared", Workers), new("shared", Site, Production, "shared", Workers)],
            [
                Tenant("shop-trial", "trial", "Europe/Oslo"),
                Tenant("shop-oslo", "shared", "Europe/Oslo"),
                Tenant("shop-lisbon", "shared", "Europe/Lisbon"),
            ]
        );

    /// <summary>Two shops that sell, with a promise of how soon they take orders again, and how few they lose.</summary>
    public static StoryFleet Protection { get; } =
        new(
            [(Production, "")],
            [new("shared", Site, Production, "shared", Workers)],
            [Tenant("shop-oslo", "shared", "Europe/Oslo"), Tenant("shop-lisbon", "shared", "Europe/Lisbon")]
        )
        {
            Objectives =
            [
                (
                    "order-capture",
                    $"""
                    process: order-capture
                    recoveryTime: 15m
                    recoveryPoint: 2m
                    environments: [{Production}]
                    documents: [sale.order]

                    """
                ),
            ],
        };

    /// <summary>Two shops that sell.</summary>
    public static StoryFleet Governance { get; } =
        new(
            [(Production, "")],
            [new("shared", Site, Production, "shared", Workers)],
            [Tenant("shop-oslo", "shared", "Europe/Oslo"), Tenant("shop-lisbon", "shared", "Europe/Lisbon")]
        );

    /// <summary>Name and text of each recovery objective.</summary>
    public IReadOnlyList<(string Name, string Text)> Objectives { get; init; } = [];

    /// <summary>The tenants as their customers see them.</summary>
    public IEnumerable<Shop> Shops(string password) =>
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
