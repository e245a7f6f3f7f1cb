using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Runtimes;

/// <summary>The login roles of a pool: one a generation, one for its migrators. They own nothing and may connect to the maintenance database only.</summary>
public sealed class GenerationRoles(SitePostgres site)
{
    /// <summary>Makes what is missing.</summary>
    public async Task EnsureAsync(PoolName pool, ReleaseDigest digest, CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        foreach (var role in new[] { DatabaseNames.Generation(pool, digest), DatabaseNames.Migrator(pool) })
        {
            try
            {
                await session.ExecuteAsync(
                    $"CREATE ROLE {Sql.Name(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE",
                    cancellationToken
                );
            }
            catch (PostgresException exists) when (exists.SqlState is PostgresErrorCodes.DuplicateObject)
            {
                // made before; what follows is safe to repeat
            }

            await session.ExecuteAsync($"GRANT CONNECT ON DATABASE postgres TO {Sql.Name(role)}", cancellationToken);
        }
    }
}
