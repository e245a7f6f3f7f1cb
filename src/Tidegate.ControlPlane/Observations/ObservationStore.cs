using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Observations;

/// <summary>What was last seen of each tenant. What tenants have in common is kept, and read, once.</summary>
public sealed class ObservationStore(NpgsqlDataSource database)
{
    /// <summary>
    /// Keeps what was seen. Nothing when the tenant is unknown, has another database or release by now, or a rollout
    /// works on it: then it was another state that was seen, or none at all.
    /// </summary>
    public async Task SaveAsync(Tenant tenant, TenantObservation observation, CancellationToken cancellationToken)
    {
        var seen = observation as TenantObservation.Seen;
        var modules = seen is null ? null : StoredJson.Write(ObservedModules.Of(seen));
        await using var command = database.CreateCommand(
            """
            with still as (
                select name from tenant t
                 where name = $1 and database = $2 and release = $3
                   and not exists (select from upgrade u
                                    where u.tenant = t.name and u.state in ('forward', 'back', 'asking'))
            ), kept as (
                insert into observed_modules (digest, content, used_at)
                select $4, $5, clock_timestamp() from still where $4::text is not null
                on conflict (digest) do update set used_at = clock_timestamp()
                 where observed_modules.used_at < clock_timestamp() - interval '1 hour'
            )
            insert into tenant_observation as o
                   (tenant, observed_at, database, release, database_bytes, modules, obstacles, unreadable)
            select name, clock_timestamp(), $2, $3, $6, $4, $7, $8 from still
            on conflict (tenant) do update
               set observed_at = excluded.observed_at, database = excluded.database, release = excluded.release,
                   database_bytes = excluded.database_bytes, modules = excluded.modules,
                   obstacles = excluded.obstacles, unreadable = excluded.unreadable
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = tenant.Name.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = tenant.Database });
        command.Parameters.Add(new NpgsqlParameter { Value = tenant.Release.Value });
        command.Parameters.Add(Nullable(modules is null ? null : DigestOf(modules), NpgsqlDbType.Text));
        command.Parameters.Add(Nullable(modules, NpgsqlDbType.Text));
        command.Parameters.Add(Nullable(seen?.DatabaseBytes, NpgsqlDbType.Bigint));
        command.Parameters.Add(new NpgsqlParameter { Value = seen?.Obstacles.ToArray() ?? [] });
        command.Parameters.Add(Nullable((observation as TenantObservation.Unreadable)?.Reason, NpgsqlDbType.Text));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What is known of an environment's tenants as they are now; what was seen of another database or release is not.</summary>
    public async Task<IReadOnlyDictionary<TenantName, StoredObservation>> ReadAsync(
        EnvironmentName environment,
        CancellationToken cancellationToken
    )
    {
        var modules = await ReadModulesAsync(environment, cancellationToken);
        await using var command = database.CreateCommand(
            """
            select o.tenant, clock_timestamp() - o.observed_at, o.unreadable, o.modules, o.database_bytes, o.obstacles
              from tenant_observation o
              join tenant t on t.name = o.tenant and t.database = o.database and t.release = o.release
              join pool p on p.name = t.pool
             where p.environment = $1
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = environment.Value });
        var found = new Dictionary<TenantName, StoredObservation>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var tenant = new TenantName(reader.GetString(0));
            var age = reader.GetTimeSpan(1);
            if (!reader.IsDBNull(2))
            {
                found[tenant] = new(new TenantObservation.Unreadable(reader.GetString(2)), age, Modules: null);
            }
            else if (modules.TryGetValue(reader.GetString(3), out var installed))
            {
                var seen = new TenantObservation.Seen(
                    reader.GetInt64(4),
                    installed.Installed,
                    installed.Checksums,
                    installed.Languages
                )
                {
                    Obstacles = [.. reader.GetFieldValue<string[]>(5)],
                };
                found[tenant] = new(seen, age, reader.GetString(3));
            }
        }

        return found;
    }

    /// <summary>Tenants of these sites that are to be looked at, those first that were never or longest ago.</summary>
    public async Task<IReadOnlyList<Tenant>> DueAsync(
        IReadOnlyList<string> sites,
        TimeSpan period,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select t.name, t.pool, t.database, t.hosts, t.time_zone, t.profile, t.release
              from tenant t join pool p on p.name = t.pool
              left join tenant_observation o
                on o.tenant = t.name and o.database = t.database and o.release = t.release
             where p.site = any($1) and (o.tenant is null or o.observed_at < clock_timestamp() - $2)
               and not exists (select from upgrade u
                                where u.tenant = t.name and u.state in ('forward', 'back', 'asking'))
             order by o.observed_at nulls first, t.name limit $3
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = sites.ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = period });
        command.Parameters.Add(new NpgsqlParameter { Value = most });
        var due = new List<Tenant>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(FleetStore.ReadTenant(reader));
        }

        return due;
    }

    /// <summary>Forgets what no tenant has had installed for a day.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            delete from observed_modules m
             where used_at < clock_timestamp() - interval '1 day'
               and not exists (select from tenant_observation o where o.modules = m.digest)
            """
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<Dictionary<string, ObservedModules>> ReadModulesAsync(
        EnvironmentName environment,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select digest, content from observed_modules
             where digest in (select o.modules from tenant_observation o
                                join tenant t on t.name = o.tenant join pool p on p.name = t.pool
                               where p.environment = $1)
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = environment.Value });
        var found = new Dictionary<string, ObservedModules>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found[reader.GetString(0)] = StoredJson.Read<ObservedModules>(reader.GetString(1)).Ordered();
        }

        return found;
    }

    private static string DigestOf(string modules) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(modules)));

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
