using Npgsql;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Fleet;

/// <summary>What fleet there is.</summary>
public sealed class FleetStore(NpgsqlDataSource database)
{
    /// <summary>Adds and changes pools and tenants in one transaction. A tenant's release is only set when the tenant is new: from then on rollouts change it.</summary>
    /// <returns>Null, or one sentence that says which host name belongs to two tenants.</returns>
    public async Task<string?> ApplyAsync(
        IReadOnlyCollection<Pool> pools,
        IReadOnlyCollection<Tenant> tenants,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var pool in pools)
        {
            await using var command = new NpgsqlCommand(
                """
                insert into pool (name, site, environment, hosting, workers, options) values ($1, $2, $3, $4, $5, $6::jsonb)
                on conflict (name) do update
                   set site = $2, environment = $3, hosting = $4, workers = $5, options = $6::jsonb
                """,
                connection
            );
            Bind(
                command,
                pool.Name.Value,
                pool.Site.Value,
                pool.Environment.Value,
                pool.Hosting is HostingModel.Shared ? "shared" : "dedicated",
                pool.Workers,
                pool.Options is { } options ? StoredJson.Write(options) : null
            );
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var tenant in tenants)
        {
            if (await ApplyTenantAsync(connection, tenant, cancellationToken) is { } conflict)
            {
                return conflict;
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>The tenants of an environment with their pools, by name; every tenant when <paramref name="environment"/> is null.</summary>
    public async Task<IReadOnlyList<FleetMember>> ListAsync(
        EnvironmentName? environment,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select t.name, t.pool, t.database, t.hosts, t.time_zone, t.profile, t.release, r.name,
                   p.name, p.site, p.environment, p.hosting, p.workers, p.options,
                   u.rollout, u.state = 'pending'
              from tenant t join pool p on p.name = t.pool join release r on r.digest = t.release
              left join upgrade u on u.tenant = t.name and u.state <> 'ended'
             where $1::text is null or p.environment = $1
             order by t.name
            """
        );
        Bind(command, environment?.Value);
        var members = new List<FleetMember>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var tenant = ReadTenant(reader);
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

    /// <summary>A row that begins with name, pool, database, hosts, time_zone, profile, release.</summary>
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

    private static async Task<string?> ApplyTenantAsync(
        NpgsqlConnection connection,
        Tenant tenant,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            with known as (
                insert into tenant (name, pool, database, hosts, time_zone, profile, release)
                values ($1, $2, $3, $4, $5, $6::jsonb, $7)
                on conflict (name) do update
                   set pool = $2, database = $3, hosts = $4, time_zone = $5, profile = $6::jsonb
            )
            delete from tenant_host where tenant = $1
            """,
            connection
        );
        Bind(
            command,
            tenant.Name.Value,
            tenant.Pool.Value,
            tenant.Database,
            tenant.Hosts.ToArray(),
            tenant.TimeZone,
            StoredJson.Write(tenant.Profile),
            tenant.Release.Value
        );
        await command.ExecuteNonQueryAsync(cancellationToken);

        await using var hosts = new NpgsqlCommand(
            """
            with wanted as (select unnest($2::text[]) as host)
            , added as (
                insert into tenant_host (host, tenant) select host, $1 from wanted on conflict (host) do nothing returning host
            )
            select w.host, h.tenant from wanted w join tenant_host h on h.host = w.host
             where w.host not in (select host from added) limit 1
            """,
            connection
        );
        Bind(hosts, tenant.Name.Value, tenant.Hosts.ToArray());
        await using var reader = await hosts.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? $"host name {reader.GetString(0)} of {tenant.Name} belongs to {reader.GetString(1)} already."
            : null;
    }

    private static void Bind(NpgsqlCommand command, params ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
    }
}

/// <summary>A tenant with its pool and the release that serves it.</summary>
/// <param name="BusyWith">The rollout that works on it or will, or null.</param>
/// <param name="IsQueued">That rollout has not begun on it.</param>
public sealed record FleetMember(Tenant Tenant, Pool Pool, ReleaseRef Release, string? BusyWith, bool IsQueued);
