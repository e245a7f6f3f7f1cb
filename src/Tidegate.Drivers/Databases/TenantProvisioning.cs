using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Databases;

/// <summary>Makes or takes over a tenant's database so that the site can cut it over: owned by the site, its objects by the tenant's owner role, closed to PUBLIC.</summary>
public sealed class TenantProvisioning(SitePostgres site)
{
    private const string MakingSuffix = "__new";

    /// <summary>
    /// A new database copied from a template database, whose objects belong to roles that the site is a member of.
    /// Does nothing when the database is there.
    /// </summary>
    /// <exception cref="ArgumentException">The name cannot be a tenant's database: <see cref="NameRules.DatabaseRefusal"/>.</exception>
    public Task CreateFromTemplateAsync(string database, string template, CancellationToken cancellationToken) =>
        CreateAsync(database, template, fill: null, cancellationToken);

    /// <summary>
    /// An empty database that the tenant's owner role may fill: what <c>pg_restore --no-owner --no-acl
    /// --role=own_…</c> wants. Trusted extensions the owner role creates itself; others a superuser makes first.
    /// </summary>
    /// <exception cref="ArgumentException">The name cannot be a tenant's database: <see cref="NameRules.DatabaseRefusal"/>.</exception>
    public Task CreateEmptyAsync(string database, CancellationToken cancellationToken) =>
        CreateAsync(database, "template0", fill: null, cancellationToken);

    /// <summary>
    /// A new database from a dump in one of pg_restore's formats, its objects owned by the tenant's owner role. Does
    /// nothing when the database is there; after a failure it is not there.
    /// </summary>
    /// <param name="pgRestore">Path of the program, of the server's version or later.</param>
    /// <exception cref="InvalidOperationException">pg_restore failed; the message ends with what it said.</exception>
    public Task RestoreAsync(string database, string dump, string pgRestore, CancellationToken cancellationToken) =>
        CreateAsync(
            database,
            "template0",
            making =>
                DumpRestore.RunAsync(site, pgRestore, dump, (making, DatabaseNames.Owner(database)), cancellationToken),
            cancellationToken
        );

    /// <summary>
    /// Takes over a database that somebody else made, as the superuser: the site becomes its owner, the owner role that
    /// of everything in it that is no extension's, PUBLIC and every other role lose CONNECT.
    /// </summary>
    public async Task RegisterAsync(string database, CancellationToken cancellationToken)
    {
        Refuse(database);
        var owner = DatabaseNames.Owner(database);
        await using (var session = await OpenAsync(SitePostgres.Superuser, cancellationToken))
        {
            await CreateOwnerAsync(session, owner, cancellationToken);
            await session.InTransactionAsync(
                async () =>
                {
                    await session.ExecuteAsync(
                        $"ALTER DATABASE {Sql.Name(database)} OWNER TO {DatabaseNames.SiteRole}",
                        cancellationToken
                    );
                    await DatabaseDoor.CloseAsync(session, database, owner, cancellationToken);
                    await session.ExecuteAsync(
                        $"ALTER DATABASE {Sql.Name(database)} WITH ALLOW_CONNECTIONS true",
                        cancellationToken
                    );
                    return database;
                },
                cancellationToken
            );
        }

        await TakeOverAsync(database, owner, SitePostgres.Superuser, cancellationToken);
    }

    /// <summary>Gives the database to a login role, outside any cutover.</summary>
    public Task GiveAsync(string database, string role, CancellationToken cancellationToken) =>
        ChangeAsync(TenantRights.Give(database, DatabaseNames.Owner(database), role), cancellationToken);

    /// <summary>Takes the database from a login role; its running sessions are not ended.</summary>
    public Task TakeAsync(string database, string role, CancellationToken cancellationToken) =>
        ChangeAsync(TenantRights.Take(database, DatabaseNames.Owner(database), role), cancellationToken);

    /// <summary>
    /// Whether this server honours <c>ALTER ROLE … IN DATABASE … SET role</c>, also after a connection's reset. The
    /// first minor versions with the fix of 2024 did not; rights of a generation rest on it.
    /// </summary>
    public async Task<bool> HonoursRoleSettingAsync(string database, CancellationToken cancellationToken)
    {
        var (name, owner) = (Sql.Name(database), DatabaseNames.Owner(database));
        var setting = $"ALTER ROLE {DatabaseNames.SiteRole} IN DATABASE {name}";
        await ChangeAsync([$"{setting} SET role TO {Sql.Name(owner)}"], cancellationToken);
        try
        {
            await using var session = await site.OpenAsync(database, DatabaseNames.SiteRole, cancellationToken);
            var first = await session.ScalarAsync<string>("select current_user::text", [], cancellationToken);
            await session.ExecuteAsync("DISCARD ALL", cancellationToken);
            var second = await session.ScalarAsync<string>("select current_user::text", [], cancellationToken);
            return string.Equals(first, owner, StringComparison.Ordinal)
                && string.Equals(second, owner, StringComparison.Ordinal);
        }
        finally
        {
            await ChangeAsync([$"{setting} RESET role"], cancellationToken);
        }
    }

    // Made under another name: the tenant's name appears when the database is whole, and never on a half-made one.
    private async Task CreateAsync(
        string database,
        string template,
        Func<string, Task>? fill,
        CancellationToken cancellationToken
    )
    {
        Refuse(database);
        var (owner, making) = (DatabaseNames.Owner(database), database + MakingSuffix);
        await using var session = await OpenAsync(DatabaseNames.SiteRole, cancellationToken);
        if (await DatabaseFacts.FindAsync(session, database, cancellationToken) is not null)
        {
            return;
        }

        await CreateOwnerAsync(session, owner, cancellationToken);
        await session.ExecuteAllAsync(
            [
                $"DROP DATABASE IF EXISTS {Sql.Name(making)}",
                $"CREATE DATABASE {Sql.Name(making)} WITH TEMPLATE {Sql.Name(template)} OWNER {DatabaseNames.SiteRole} ALLOW_CONNECTIONS false",
                $"REVOKE ALL ON DATABASE {Sql.Name(making)} FROM PUBLIC",
                $"GRANT CREATE, TEMPORARY ON DATABASE {Sql.Name(making)} TO {Sql.Name(owner)}",
                $"ALTER DATABASE {Sql.Name(making)} WITH ALLOW_CONNECTIONS true",
            ],
            cancellationToken
        );
        await TakeOverAsync(making, owner, DatabaseNames.SiteRole, cancellationToken);
        if (fill is not null)
        {
            await fill(making);
        }

        await session.ExecuteAsync(
            $"ALTER DATABASE {Sql.Name(making)} RENAME TO {Sql.Name(database)}",
            cancellationToken
        );
    }

    private async Task TakeOverAsync(string database, string owner, string role, CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(database, role, cancellationToken);
        await session.InTransactionAsync(
            () => ObjectOwnership.MoveAsync(session, owner, cancellationToken),
            cancellationToken
        );
    }

    private static void Refuse(string database)
    {
        if (NameRules.DatabaseRefusal(database) is { } refusal)
        {
            throw new ArgumentException(refusal, nameof(database));
        }
    }

    private static async Task CreateOwnerAsync(
        PostgresSession session,
        string owner,
        CancellationToken cancellationToken
    )
    {
        await PoolRoles.CreateAsync(session, owner, "NOLOGIN", cancellationToken);
        await session.ExecuteAsync($"GRANT {Sql.Name(owner)} TO {DatabaseNames.SiteRole}", cancellationToken);
    }

    private async Task ChangeAsync(IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(DatabaseNames.SiteRole, cancellationToken);
        await session.InTransactionAsync(
            async () =>
            {
                await session.ExecuteAllAsync(statements, cancellationToken);
                return true;
            },
            cancellationToken
        );
    }

    private Task<PostgresSession> OpenAsync(string role, CancellationToken cancellationToken) =>
        site.OpenAsync(SitePostgres.Maintenance, role, cancellationToken);
}
