using Npgsql;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Databases;

/// <summary>The login roles of a pool: one a generation, one for its migrators. They may list databases and notify; nothing more until given a tenant.</summary>
public sealed class PoolRoles(SitePostgres site)
{
    /// <summary>The generation's role exists. Running it again changes nothing.</summary>
    public async Task EnsureGenerationAsync(PoolName pool, ReleaseDigest digest, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        await EnsureAsync(session, DatabaseNames.Generation(pool, digest), cancellationToken);
    }

    /// <summary>The pool's migrator role exists. Running it again changes nothing.</summary>
    public async Task EnsureMigratorAsync(PoolName pool, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        await EnsureMigratorAsync(session, pool, cancellationToken);
    }

    /// <summary>
    /// Removes a generation's role. False, and nothing changed, while it still has a tenant: it was granted
    /// CONNECT on a database other than the maintenance one.
    /// </summary>
    public async Task<bool> DropGenerationAsync(
        PoolName pool,
        ReleaseDigest digest,
        CancellationToken cancellationToken
    )
    {
        var role = DatabaseNames.Generation(pool, digest);
        await using var session = await OpenAsync(cancellationToken);
        if (!await ExistsAsync(session, role, cancellationToken))
        {
            return true;
        }

        if (await HasTenantAsync(session, role, cancellationToken))
        {
            return false;
        }

        await session.QueryAsync(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = $1",
            [role],
            row => row.GetBoolean(0),
            cancellationToken
        );
        return await ChangeAsync(
            session,
            [$"REVOKE ALL ON DATABASE {SitePostgres.Maintenance} FROM {Sql.Name(role)}", $"DROP ROLE {Sql.Name(role)}"],
            cancellationToken
        );
    }

    internal static Task EnsureMigratorAsync(
        PostgresSession session,
        PoolName pool,
        CancellationToken cancellationToken
    ) => EnsureAsync(session, DatabaseNames.Migrator(pool), cancellationToken);

    /// <summary>Takes the membership where both roles exist.</summary>
    internal static async Task RevokeMembershipAsync(
        PostgresSession session,
        string owner,
        string role,
        CancellationToken cancellationToken
    )
    {
        if (await ExistsAsync(session, role, cancellationToken) && await ExistsAsync(session, owner, cancellationToken))
        {
            await session.ExecuteAsync($"REVOKE {Sql.Name(owner)} FROM {Sql.Name(role)}", cancellationToken);
        }
    }

    internal static Task<bool> ExistsAsync(PostgresSession session, string role, CancellationToken cancellationToken) =>
        session.ScalarAsync<bool>("select exists (select from pg_roles where rolname = $1)", [role], cancellationToken);

    /// <summary>Creates a role unless it is there. Not inside a transaction: losing the race against another would end it.</summary>
    internal static async Task CreateAsync(
        PostgresSession session,
        string role,
        string attributes,
        CancellationToken cancellationToken
    )
    {
        if (await ExistsAsync(session, role, cancellationToken))
        {
            return;
        }

        try
        {
            await session.ExecuteAsync($"CREATE ROLE {Sql.Name(role)} {attributes}", cancellationToken);
        }
        catch (PostgresException raced)
            when (raced.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
        {
            // somebody else made it meanwhile
        }
    }

    private static async Task EnsureAsync(PostgresSession session, string role, CancellationToken cancellationToken)
    {
        await CreateAsync(session, role, "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE", cancellationToken);
        await ChangeAsync(
            session,
            [$"GRANT CONNECT ON DATABASE {SitePostgres.Maintenance} TO {Sql.Name(role)}"],
            cancellationToken
        );
    }

    /// <summary>
    /// Whoever changes rights on the maintenance database takes turns: PostgreSQL does not wait for another's change of
    /// the same catalogue row but fails with "tuple concurrently updated".
    /// </summary>
    private static Task<bool> ChangeAsync(
        PostgresSession session,
        IEnumerable<string> statements,
        CancellationToken cancellationToken
    ) =>
        session.InTransactionAsync(
            async () =>
            {
                await session.ExecuteAllAsync(
                    statements.Prepend("SELECT pg_advisory_xact_lock(hashtext('tidegate'), hashtext('pool roles'))"),
                    cancellationToken
                );
                return true;
            },
            cancellationToken
        );

    private static Task<bool> HasTenantAsync(
        PostgresSession session,
        string role,
        CancellationToken cancellationToken
    ) =>
        session.ScalarAsync<bool>(
            """
            select exists (
                select from pg_database d, aclexplode(d.datacl) a join pg_roles r on r.oid = a.grantee
                 where d.datname <> $2 and a.privilege_type = 'CONNECT' and r.rolname = $1)
            """,
            [role, SitePostgres.Maintenance],
            cancellationToken
        );

    private Task<PostgresSession> OpenAsync(CancellationToken cancellationToken) =>
        site.OpenAsync(SitePostgres.Maintenance, DatabaseNames.SiteRole, cancellationToken);
}
