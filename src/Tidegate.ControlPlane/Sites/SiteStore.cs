using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Sites;

/// <summary>The sites that servers have served, and when they were last heard of. The clock is the control database's.</summary>
public sealed class SiteStore(NpgsqlDataSource database)
{
    /// <summary>Makes sites known as those of a PostgreSQL cluster. Doing it again changes nothing.</summary>
    /// <param name="cluster">The cluster's system identifier.</param>
    /// <returns>Null, or one sentence: a name belongs to another cluster. Nothing was changed then.</returns>
    public async Task<string?> RegisterAsync(
        IReadOnlyList<SiteName> sites,
        string cluster,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var site in sites)
        {
            // A cluster that no tenant lives on may be replaced by another, once its server is gone.
            await using var command = new NpgsqlCommand(
                """
                insert into site (name, cluster) values ($1, $2)
                on conflict (name) do update set cluster = $2, heartbeat_at = clock_timestamp()
                 where site.cluster = $2
                    or (site.heartbeat_at < clock_timestamp() - $3
                        and not exists (select from pool p join tenant t on t.pool = p.name where p.site = $1))
                """,
                connection
            );
            command.Parameters.Add(new NpgsqlParameter { Value = site.Value });
            command.Parameters.Add(new NpgsqlParameter { Value = cluster });
            command.Parameters.Add(new NpgsqlParameter { Value = Site.Silence });
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return $"site {site} is another home's: its PostgreSQL is not this one. Give this home a name of its own: tidegate site up --name.";
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>A living server serves these sites, and its store holds these bundles.</summary>
    public async Task BeatAsync(
        IReadOnlyList<SiteName> sites,
        IEnumerable<ReleaseDigest> bundles,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            "update site set heartbeat_at = clock_timestamp(), bundles = $2 where name = any($1)"
        );
        command.Parameters.Add(new NpgsqlParameter { Value = sites.Select(site => site.Value).ToArray() });
        command.Parameters.Add(
            new NpgsqlParameter
            {
                Value = bundles.Select(digest => digest.Value).Order(StringComparer.Ordinal).ToArray(),
            }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whether any site's store holds the bundle, as far as its servers have said.</summary>
    public async Task<bool> HoldsAsync(ReleaseDigest bundle, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select exists (select from site where $1 = any(bundles))");
        command.Parameters.Add(new NpgsqlParameter { Value = bundle.Value });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Every site that a server has ever served, by name.</summary>
    public async Task<ImmutableDictionary<SiteName, Site>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select name, first_seen, heartbeat_at, clock_timestamp() - heartbeat_at, bundles from site"
        );
        var sites = ImmutableDictionary.CreateBuilder<SiteName, Site>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var name = new SiteName(reader.GetString(0));
            sites[name] = new Site(
                name,
                reader.GetFieldValue<DateTimeOffset>(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetTimeSpan(3),
                [.. reader.GetFieldValue<string[]>(4).Select(ReleaseDigest.Create)]
            );
        }

        return sites.ToImmutable();
    }
}
