using Npgsql;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Fleet;

/// <summary>What fleet there is.</summary>
public sealed partial class FleetStore(NpgsqlDataSource database)
{
    /// <summary>Adds and changes pools and tenants in one transaction. A tenant's release is only set when the tenant is new: from then on rollouts change it.</summary>
    /// <returns>Null, or one sentence that says which host name or database belongs to two tenants; nothing was changed then.</returns>
    public async Task<string?> ApplyAsync(
        IReadOnlyCollection<Pool> pools,
        IReadOnlyCollection<Tenant> tenants,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await WriteAsync(connection, pools, tenants, cancellationToken) is [var conflict, ..])
        {
            return conflict.What;
        }

        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>The tenants of an environment with their pools, by name; every tenant when <paramref name="environment"/> is null.</summary>
    public Task<IReadOnlyList<FleetMember>> ListAsync(
        EnvironmentName? environment,
        CancellationToken cancellationToken
    ) => ListAsync(environment, null, cancellationToken);

    /// <summary>The tenants that whoever asks may see, with their pools, by name.</summary>
    public Task<IReadOnlyList<FleetMember>> VisibleAsync(Visible visible, CancellationToken cancellationToken) =>
        ListAsync(null, visible.Tenants, cancellationToken);

    /// <summary>The sites that have a tenant whom whoever asks may see.</summary>
    public async Task<IReadOnlySet<SiteName>> SitesAsync(Visible visible, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select distinct p.site from pool p join tenant t on t.pool = p.name where $1::text[] is null or t.name = any($1)"
        );
        command.Bind([visible.Tenants]);
        var sites = new HashSet<SiteName>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            sites.Add(new SiteName(reader.GetString(0)));
        }

        return sites;
    }

    /// <summary>Those of these tenants that are known, with their pools, by name.</summary>
    public Task<IReadOnlyList<FleetMember>> FindAsync(
        IEnumerable<TenantName> tenants,
        CancellationToken cancellationToken
    ) => ListAsync(null, [.. tenants.Select(tenant => tenant.Value)], cancellationToken);

    /// <summary>The names of all tenants.</summary>
    public async Task<IReadOnlyList<TenantName>> NamesAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select name from tenant order by name");
        var names = new List<TenantName>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(new TenantName(reader.GetString(0)));
        }

        return names;
    }

    /// <summary>How many tenants each of these pools has; those without any are missing.</summary>
    public async Task<IReadOnlyDictionary<PoolName, PoolOccupancy>> OccupancyAsync(
        IEnumerable<PoolName> pools,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select t.pool, count(*)::int, count(u.id)::int
              from tenant t left join upgrade u on u.tenant = t.name and u.state <> 'ended'
             where t.pool = any($1) group by t.pool
            """
        );
        command.Bind([pools.Select(pool => pool.Value).ToArray()]);
        var occupancy = new Dictionary<PoolName, PoolOccupancy>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            occupancy.Add(new PoolName(reader.GetString(0)), new(reader.GetInt32(1), reader.GetInt32(2)));
        }

        return occupancy;
    }

    private async Task<IReadOnlyList<FleetMember>> ListAsync(
        EnvironmentName? environment,
        string[]? tenants,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select t.name, t.pool, t.database, t.hosts, t.time_zone, t.profile, t.release, r.name,
                   p.name, p.site, p.environment, p.hosting, p.workers, p.options,
                   u.rollout, u.state = 'pending', t.tags, t.stores, t.revenue
              from tenant t join pool p on p.name = t.pool join release r on r.digest = t.release
              left join (upgrade u join rollout o on o.id = u.rollout and o.kind = 'release')
                on u.tenant = t.name and u.state <> 'ended'
             where ($1::text is null or p.environment = $1) and ($2::text[] is null or t.name = any($2))
             order by t.name
            """
        );
        command.Bind(environment?.Value, tenants);
        var members = new List<FleetMember>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var tenant = ReadTenant(reader) with
            {
                Tags = [.. reader.GetFieldValue<string[]>(16)],
                Stores = reader.GetInt32(17),
                Revenue = reader.GetInt32(18),
            };
            members.Add(
                new FleetMember(
                    tenant,
                    ReadPool(reader, 8),
                    new ReleaseRef(reader.GetString(7), tenant.Release),
                    reader.IsDBNull(14) ? null : reader.GetString(14),
                    !reader.IsDBNull(15) && reader.GetBoolean(15)
                )
            );
        }

        return members;
    }

    /// <summary>Every pool, by name, also those without tenants.</summary>
    public async Task<IReadOnlyList<Pool>> PoolsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select name, site, environment, hosting, workers, options from pool order by name"
        );
        var pools = new List<Pool>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            pools.Add(ReadPool(reader, 0));
        }

        return pools;
    }

    private static PoolOptions? Options(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : StoredJson.Read<PoolOptions>(reader.GetString(column));

    /// <summary>A row that begins with name, pool, database, hosts, time_zone, profile, release; without tags and weights.</summary>
    internal static Tenant ReadTenant(NpgsqlDataReader reader) =>
        new(
            new TenantName(reader.GetString(0)),
            new PoolName(reader.GetString(1)),
            reader.GetString(2),
            [.. reader.GetFieldValue<string[]>(3)],
            reader.GetString(4),
            StoredJson.Read<TenantProfile>(reader.GetString(5)),
            ReleaseDigest.Create(reader.GetString(6))
        );

    /// <summary>Columns name, site, environment, hosting, workers, options, from this one on.</summary>
    private static Pool ReadPool(NpgsqlDataReader reader, int first) =>
        new(
            new PoolName(reader.GetString(first)),
            new SiteName(reader.GetString(first + 1)),
            new EnvironmentName(reader.GetString(first + 2)),
            reader.GetString(first + 3) is "shared" ? HostingModel.Shared : HostingModel.Dedicated,
            reader.GetInt32(first + 4)
        )
        {
            Options = Options(reader, first + 5),
        };
}

/// <summary>A tenant with its pool and the release that serves it.</summary>
/// <param name="BusyWith">The rollout of a release that works on it or will, or null.</param>
/// <param name="IsQueued">That rollout has not begun on it.</param>
public sealed record FleetMember(Tenant Tenant, Pool Pool, ReleaseRef Release, string? BusyWith, bool IsQueued);
