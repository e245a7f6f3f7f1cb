using Npgsql;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Fleet;

public sealed partial class FleetStore
{
    /// <summary>
    /// Adds and changes pools and tenants, all at once, in the caller's transaction. A tenant's release is only set when
    /// the tenant is new. One whose host name or database is another's is left as it was; all others are stored.
    /// </summary>
    /// <returns>Those that are left, in the order given.</returns>
    public static async Task<IReadOnlyList<FleetConflict>> WriteAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<Pool> pools,
        IReadOnlyCollection<Tenant> tenants,
        CancellationToken cancellationToken
    )
    {
        if (pools.Count == 0 && tenants.Count == 0)
        {
            return [];
        }

        // Two that write at once wait for each other, so that the second sees the host names of the first.
        await ExecuteAsync(connection, "select pg_advisory_xact_lock(hashtext('fleet'))", cancellationToken);
        // Of one that is named twice the last counts.
        await WritePoolsAsync(connection, [.. pools.Reverse().DistinctBy(pool => pool.Name)], cancellationToken);
        // Who is left keeps its host names, which may be in the way of another that would have had them.
        var conflicts = new List<FleetConflict>();
        var left = tenants.Reverse().DistinctBy(tenant => tenant.Name).Reverse().ToList();
        while (await ConflictsAsync(connection, left, cancellationToken) is { Count: > 0 } found)
        {
            conflicts.AddRange(found);
            var names = found.Select(conflict => conflict.Tenant).ToHashSet();
            left.RemoveAll(tenant => names.Contains(tenant.Name));
        }

        await WriteTenantsAsync(connection, left, cancellationToken);
        return conflicts;
    }

    private static Task WritePoolsAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<Pool> pools,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            connection,
            """
            insert into pool (name, site, environment, hosting, workers, options)
            select name, site, environment, hosting, workers, options::jsonb
              from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[])
                   as p (name, site, environment, hosting, workers, options)
            on conflict (name) do update
               set site = excluded.site, environment = excluded.environment, hosting = excluded.hosting,
                   workers = excluded.workers, options = excluded.options
            """,
            cancellationToken,
            pools.Select(pool => pool.Name.Value).ToArray(),
            pools.Select(pool => pool.Site.Value).ToArray(),
            pools.Select(pool => pool.Environment.Value).ToArray(),
            pools.Select(pool => pool.Hosting is HostingModel.Shared ? "shared" : "dedicated").ToArray(),
            pools.Select(pool => pool.Workers).ToArray(),
            pools.Select(pool => pool.Options is { } options ? StoredJson.Write(options) : null).ToArray()
        );

    private static async Task<IReadOnlyList<FleetConflict>> ConflictsAsync(
        NpgsqlConnection connection,
        List<Tenant> tenants,
        CancellationToken cancellationToken
    )
    {
        if (tenants.Count == 0)
        {
            return [];
        }

        var twice = tenants
            .SelectMany(tenant => tenant.Hosts.Select(host => (Host: host, tenant.Name)))
            .GroupBy(each => each.Host, each => each.Name, StringComparer.Ordinal)
            .FirstOrDefault(owners => owners.Distinct().Skip(1).Any());
        if (twice is not null)
        {
            return [Conflict(twice.Last(), "host name", twice.Key, twice.First().Value)];
        }

        await using var command = new NpgsqlCommand(
            """
            with wanted as (
                select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as w (name, pool, database, hosts)
            )
            select w.name, 'host name', h.host, h.tenant
              from wanted w cross join unnest(string_to_array(w.hosts, ' ')) as wanted_host (host)
              join tenant_host h on h.host = wanted_host.host
             where h.tenant not in (select name from wanted)
             union all
            select w.name, 'database', w.database, t.name
              from wanted w join pool p on p.name = w.pool
              join tenant t on t.database = w.database join pool o on o.name = t.pool and o.site = p.site
             where t.name not in (select name from wanted)
            """,
            connection
        );
        command.Bind(
            tenants.Select(tenant => tenant.Name.Value).ToArray(),
            tenants.Select(tenant => tenant.Pool.Value).ToArray(),
            tenants.Select(tenant => tenant.Database).ToArray(),
            tenants.Select(tenant => string.Join(' ', tenant.Hosts)).ToArray()
        );
        var conflicts = new List<FleetConflict>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            conflicts.Add(
                Conflict(
                    new TenantName(reader.GetString(0)),
                    reader.GetString(1),
                    reader.GetString(2),
                    reader.GetString(3)
                )
            );
        }

        return [.. conflicts.DistinctBy(conflict => conflict.Tenant)];
    }

    private static FleetConflict Conflict(TenantName tenant, string what, string value, string owner) =>
        new(tenant, $"{what} {value} of {tenant} belongs to {owner} already.");

    private static async Task WriteTenantsAsync(
        NpgsqlConnection connection,
        List<Tenant> tenants,
        CancellationToken cancellationToken
    )
    {
        if (tenants.Count == 0)
        {
            return;
        }

        var names = tenants.Select(tenant => tenant.Name.Value).ToArray();
        // Host names hold no space.
        var hosts = tenants.Select(tenant => string.Join(' ', tenant.Hosts)).ToArray();
        await ExecuteAsync(
            connection,
            """
            with known as (
                insert into tenant (name, pool, database, hosts, time_zone, profile, release, tags, stores, revenue)
                select name, pool, database, string_to_array(hosts, ' '), time_zone, profile::jsonb, release,
                       string_to_array(tags, ' '), stores, revenue
                  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                              $8::text[], $9::int[], $10::int[])
                       as t (name, pool, database, hosts, time_zone, profile, release, tags, stores, revenue)
                on conflict (name) do update
                   set pool = excluded.pool, database = excluded.database, hosts = excluded.hosts,
                       time_zone = excluded.time_zone, profile = excluded.profile, tags = excluded.tags,
                       stores = excluded.stores, revenue = excluded.revenue
            )
            delete from tenant_host where tenant = any($1)
            """,
            cancellationToken,
            names,
            tenants.Select(tenant => tenant.Pool.Value).ToArray(),
            tenants.Select(tenant => tenant.Database).ToArray(),
            hosts,
            tenants.Select(tenant => tenant.TimeZone).ToArray(),
            tenants.Select(tenant => StoredJson.Write(tenant.Profile)).ToArray(),
            tenants.Select(tenant => tenant.Release.Value).ToArray(),
            // Nor do tags.
            tenants.Select(tenant => string.Join(' ', tenant.Tags)).ToArray(),
            tenants.Select(tenant => tenant.Stores).ToArray(),
            tenants.Select(tenant => tenant.Revenue).ToArray()
        );
        await ExecuteAsync(
            connection,
            """
            insert into tenant_host (host, tenant)
            select distinct host, name
              from unnest($1::text[], $2::text[]) as t (name, hosts), unnest(string_to_array(t.hosts, ' ')) as host
            """,
            cancellationToken,
            names,
            hosts
        );
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params object?[] values
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Bind(values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
