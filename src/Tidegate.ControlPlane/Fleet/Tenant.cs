using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Fleet;

/// <summary>One database, its filestore, its host names and its profile.</summary>
/// <param name="Database">The database's name in its site's cluster, at all times but inside a swap.</param>
/// <param name="Hosts">Host names without port, lower case; the first is the one that journeys use.</param>
/// <param name="TimeZone">IANA name, <c>Europe/Oslo</c>.</param>
/// <param name="Release">The digest that serves the tenant now.</param>
public sealed record Tenant(
    TenantName Name,
    PoolName Pool,
    string Database,
    ImmutableArray<string> Hosts,
    string TimeZone,
    TenantProfile Profile,
    ReleaseDigest Release
)
{
    /// <summary>Words by which objectives and calendars name it together with others.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>How many stores sell with it.</summary>
    public int Stores { get; init; } = 1;

    /// <summary>What it sells, in a unit that all tenants share.</summary>
    public int Revenue { get; init; } = 1;
}

/// <summary>What a tenant allows and how its journeys log in.</summary>
/// <param name="JourneyLogin">The Odoo user of the journeys.</param>
/// <param name="JourneySecret">Where that user's password is: the name of a file in the site's <c>secrets</c> folder. Never the value.</param>
/// <param name="WritingJourneys">Journeys that may write to this tenant's live data, by name. Reading ones always run.</param>
public sealed record TenantProfile(string JourneyLogin, string JourneySecret, ImmutableArray<string> WritingJourneys)
{
    /// <summary>PostgreSQL roles beside Tidegate's own that may be connected to the database: a cutover ends their sessions. Any other is in its way.</summary>
    public ImmutableArray<string> ExternalRoles { get; init; } = [];
}
