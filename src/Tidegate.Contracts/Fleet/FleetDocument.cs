namespace Tidegate.Contracts.Fleet;

/// <summary>Pools and tenants to be known. Applying the same document twice changes nothing; what it does not name stays.</summary>
public sealed record FleetDocument(IReadOnlyList<PoolDocument> Pools, IReadOnlyList<TenantDocument> Tenants);

/// <summary>A named group of Odoo processes.</summary>
/// <param name="Hosting"><c>shared</c> or <c>dedicated</c>.</param>
/// <param name="Workers">Web workers of each generation, 1 to 64.</param>
public sealed record PoolDocument(string Name, string Site, string Environment, string Hosting, int Workers);

/// <summary>A database with its host names.</summary>
/// <param name="Hosts">Host names without port; the first is the one that journeys use.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="JourneyLogin">The Odoo user of the journeys.</param>
/// <param name="JourneySecret">Name of the file in the site's <c>secrets</c> folder that holds that user's password.</param>
/// <param name="Release">Name of the registered release that serves it. Only read when the tenant is new.</param>
/// <param name="WritingJourneys">Journeys that may write to the live data, by name.</param>
/// <param name="ExternalRoles">PostgreSQL roles of others that may be connected to the database (a reporting tool): a cutover ends their sessions.</param>
public sealed record TenantDocument(
    string Name,
    string Pool,
    string Database,
    IReadOnlyList<string> Hosts,
    string TimeZone,
    string JourneyLogin,
    string JourneySecret,
    string Release,
    IReadOnlyList<string>? WritingJourneys = null,
    IReadOnlyList<string>? ExternalRoles = null
);

/// <summary>What came of applying a document: all of it is known now.</summary>
/// <param name="Unplaced">Tenants that are known and not served yet, by name.</param>
public sealed record AppliedFleet(IReadOnlyList<UnplacedTenantView> Unplaced);

/// <summary>A tenant that is not served yet.</summary>
/// <param name="Reason">One sentence that says why, and what to do.</param>
public sealed record UnplacedTenantView(string Tenant, string Site, string Reason);

/// <summary>A tenant as it is known.</summary>
public sealed record TenantView(
    string Name,
    string Pool,
    string Database,
    IReadOnlyList<string> Hosts,
    string TimeZone,
    string Release,
    string Digest
);
