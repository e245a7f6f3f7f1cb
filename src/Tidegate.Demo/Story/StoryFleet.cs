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
    public const string SecretName = "demo-admin";

    public const string Login = "admin";

    /// <summary>The template's own; every shop of the demo is a copy of it and reachable from this machine only.</summary>
    public const string Password = "admin";

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
    public static IEnumerable<Shop> Shops =>
        Tenants.Select(tenant => new Shop(tenant.Name, tenant.Hosts, tenant.Database, Login, Password));

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
            Login,
            SecretName,
            FirstRelease
        );
}
