using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Configuration;

/// <summary>What a site's machine and cluster offer. Read only; asked when a gate needs it.</summary>
/// <param name="MaxConnections">PostgreSQL's <c>max_connections</c>.</param>
/// <param name="ReservedConnections">Those that only superusers, or roles with a reservation, may take.</param>
/// <param name="MemoryBytes">The machine's memory.</param>
/// <param name="Generations">How many generations each pool has now, by pool.</param>
/// <param name="WithoutEvented">Tenants whose route at the gateway leads to no evented process: their websockets fail.</param>
/// <param name="Bridge">The version of the bridge that new generations are started with.</param>
/// <param name="PostgresVersion"><c>15.14</c>.</param>
public sealed record SiteFacts(
    int MaxConnections,
    int ReservedConnections,
    long MemoryBytes,
    ImmutableSortedDictionary<string, int> Generations,
    ImmutableArray<TenantName> WithoutEvented,
    string Bridge,
    string PostgresVersion
);

/// <summary>Reads what this server's own site offers.</summary>
public interface ISiteFactsReader
{
    /// <returns>Null when a part of the site does not answer.</returns>
    Task<SiteFacts?> ReadAsync(CancellationToken cancellationToken);
}
