using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Drivers.Sites;

/// <summary>Reads what this machine's site offers: its cluster's connections, its memory, its generations and routes.</summary>
public sealed class SiteFactsReader(SiteLayout layout, GatewayClient gateway) : ISiteFactsReader
{
    public async Task<SiteFacts?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await layout.Cluster.OpenAsync(
                SitePostgres.Maintenance,
                DatabaseNames.SiteRole,
                cancellationToken
            );
            // reserved_connections came with PostgreSQL 16.
            var cluster = await session.QueryAsync(
                """
                select current_setting('max_connections')::int,
                       current_setting('superuser_reserved_connections')::int
                           + coalesce(current_setting('reserved_connections', true)::int, 0),
                       split_part(current_setting('server_version'), ' ', 1)
                """,
                [],
                row => (Most: row.GetInt32(0), Reserved: row.GetInt32(1), Version: row.GetString(2)),
                cancellationToken
            );
            var routes = await gateway.ListAsync(cancellationToken);
            return new(
                cluster[0].Most,
                cluster[0].Reserved,
                GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
                Generations(),
                [
                    .. routes
                        .Where(route => route.Route.EventedPort <= 0 || route.Route.EventedPort == route.Route.HttpPort)
                        .Select(route => new TenantName(route.Tenant)),
                ],
                BridgeFiles.CurrentVersion,
                cluster[0].Version
            );
        }
        catch (NpgsqlException)
        {
            return null; // its PostgreSQL does not answer
        }
        catch (HttpRequestException)
        {
            return null; // its gateway does not answer
        }
    }

    private ImmutableSortedDictionary<string, int> Generations() =>
        GenerationFolder
            .AllWanted(layout)
            .GroupBy(folder => folder.Pool.Value, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(pool => pool.Key, pool => pool.Count(), StringComparer.Ordinal);
}
