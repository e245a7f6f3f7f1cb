using Npgsql;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.Restores;

/// <summary>
/// The database of a state that is being brought, beside the tenant's own: the site's, with nobody else let in. All that
/// works on it has a name of the job, and none of it touches the tenant: so it needs no epoch of the tenant's.
/// </summary>
internal sealed class StateDatabase(SitePostgres site, StateOrder order)
{
    public SitePostgres Site => site;

    public string Name { get; } = DatabaseNames.Back(order.Place.Database, order.Job);

    public string Owner { get; } = DatabaseNames.Owner(order.Place.Database);

    /// <summary>How sessions in it are named.</summary>
    public string SessionName { get; } = $"tidegate restore {order.Job.Short}";

    /// <summary>Makes it, empty, in the encoding and collation of the tenant's own; connectable by the site.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await using (var session = await MaintainAsync(cancellationToken))
        {
            var name = Sql.Name(Name);
            await session.ExecuteAllAsync(
                [
                    $"CREATE DATABASE {name} WITH TEMPLATE template0 OWNER {DatabaseNames.SiteRole} {await LocaleAsync(session, cancellationToken)} ALLOW_CONNECTIONS false",
                    $"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
                    $"GRANT CREATE, TEMPORARY ON DATABASE {name} TO {Sql.Name(Owner)}",
                    $"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true",
                ],
                cancellationToken
            );
        }

        await using var inside = await OpenAsync(cancellationToken);
        await inside.InTransactionAsync(
            () => ObjectOwnership.MoveAsync(inside, Owner, cancellationToken),
            cancellationToken
        );
    }

    /// <summary>A session of the site inside it; whoever asked disposes it.</summary>
    public Task<PostgresSession> OpenAsync(CancellationToken cancellationToken) =>
        PostgresSession.OpenAsync(site.ConnectionString(Name, DatabaseNames.SiteRole, SessionName), cancellationToken);

    /// <summary>It is whole: closed, also to the site, with a record of whose it is.</summary>
    /// <returns>Its identity and its size on disk.</returns>
    public async Task<(long Oid, long Bytes)> CloseAsync(CancellationToken cancellationToken)
    {
        await using var session = await MaintainAsync(cancellationToken);
        return await session.InTransactionAsync(
            async () =>
            {
                await session.ExecuteAllAsync(
                    [
                        $"REVOKE ALL ON DATABASE {Sql.Name(Name)} FROM {Sql.Name(Owner)}",
                        $"ALTER DATABASE {Sql.Name(Name)} WITH ALLOW_CONNECTIONS false",
                    ],
                    cancellationToken
                );
                return (
                    await session.QueryAsync(
                        """
                        with state as (select oid::bigint as oid, datname::text as name from pg_database where datname = $3),
                        recorded as (
                            insert into tidegate.restored (job, tenant, database, oid, made_at)
                            select $1, $2, name, oid, now() from state
                            on conflict (job) do update
                               set database = excluded.database, oid = excluded.oid, made_at = excluded.made_at
                        )
                        select oid, pg_database_size(oid::oid) from state
                        """,
                        [order.Job.Value, order.Place.Tenant.Value, Name],
                        row => (row.GetInt64(0), row.GetInt64(1)),
                        cancellationToken
                    )
                ).Single();
            },
            cancellationToken
        );
    }

    public Task SetOpenAsync(bool isOpen, CancellationToken cancellationToken) =>
        MaintainAsync(
            [$"ALTER DATABASE {Sql.Name(Name)} WITH ALLOW_CONNECTIONS {(isOpen ? "true" : "false")}"],
            cancellationToken
        );

    /// <summary>It gets a name of its own, open to the site alone, and is told from the tenant's states no more.</summary>
    /// <exception cref="JobFailedException">There is a database of that name.</exception>
    public async Task RenameAsync(string into, CancellationToken cancellationToken)
    {
        await EndSessionsAsync(cancellationToken);
        await using var session = await MaintainAsync(cancellationToken);
        try
        {
            await session.InTransactionAsync(
                async () =>
                {
                    await session.ExecuteAllAsync(
                        [
                            $"ALTER DATABASE {Sql.Name(Name)} RENAME TO {Sql.Name(into)}",
                            $"ALTER DATABASE {Sql.Name(into)} WITH ALLOW_CONNECTIONS true",
                        ],
                        cancellationToken
                    );
                    return await session.ExecuteAsync(
                        "update tidegate.restored set database = $2 where job = $1",
                        [order.Job.Value, into],
                        cancellationToken
                    );
                },
                cancellationToken
            );
        }
        catch (PostgresException taken) when (taken.SqlState is PostgresErrorCodes.DuplicateDatabase)
        {
            throw new JobFailedException(
                $"there is a database {into} by now; order the restore again under another name.",
                taken
            );
        }
    }

    /// <summary>Ends what still works on it for the job: of a server that was killed too.</summary>
    public Task EndSessionsAsync(CancellationToken cancellationToken) =>
        JobRemains.EndSessionsAsync(site, SessionName, cancellationToken);

    /// <summary>Removes it, whole or not, also under the name that it got. Nothing there is no error.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await EndSessionsAsync(cancellationToken);
        await using var session = await MaintainAsync(cancellationToken);
        var names = await session.QueryAsync(
            """
            select datname::text, datistemplate and datconnlimit <> -2 from pg_database
             where datname = $2
                or exists (select from tidegate.restored r where r.job = $1 and r.oid = pg_database.oid::bigint and r.database = datname)
            """,
            [order.Job.Value, Name],
            row => (Name: row.GetString(0), IsTemplate: row.GetBoolean(1)),
            cancellationToken
        );
        foreach (var (name, isTemplate) in names)
        {
            // A copy of a checkpoint is born as a template.
            if (isTemplate)
            {
                await session.ExecuteAsync(
                    $"ALTER DATABASE {Sql.Name(name)} WITH IS_TEMPLATE false",
                    cancellationToken
                );
            }

            await session.ExecuteAsync($"DROP DATABASE IF EXISTS {Sql.Name(name)} WITH (FORCE)", cancellationToken);
        }

        await ForgetAsync(session, cancellationToken);
    }

    /// <summary>It is somebody's now, who removes it.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await using var session = await MaintainAsync(cancellationToken);
        await ForgetAsync(session, cancellationToken);
    }

    private Task<int> ForgetAsync(PostgresSession session, CancellationToken cancellationToken) =>
        session.ExecuteAsync("delete from tidegate.restored where job = $1", [order.Job.Value], cancellationToken);

    private Task<PostgresSession> MaintainAsync(CancellationToken cancellationToken) =>
        PostgresSession.OpenAsync(
            site.ConnectionString(SitePostgres.Maintenance, DatabaseNames.SiteRole, SessionName),
            cancellationToken
        );

    private async Task MaintainAsync(IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        await using var session = await MaintainAsync(cancellationToken);
        await session.ExecuteAllAsync(statements, cancellationToken);
    }

    private async Task<string> LocaleAsync(PostgresSession session, CancellationToken cancellationToken) =>
        (
            await session.QueryAsync(
                """
                select pg_encoding_to_char(encoding)::text, datcollate::text, datctype::text, datlocprovider = 'i', daticulocale
                  from pg_database where datname = $1
                """,
                [order.Place.Database],
                row =>
                    $"ENCODING {Sql.Text(row.GetString(0))} LC_COLLATE {Sql.Text(row.GetString(1))} LC_CTYPE {Sql.Text(row.GetString(2))}"
                    + (row.GetBoolean(3) ? $" LOCALE_PROVIDER icu ICU_LOCALE {Sql.Text(row.GetString(4))}" : ""),
                cancellationToken
            )
        ).SingleOrDefault()
        ?? throw new JobFailedException(
            $"database {order.Place.Database} of {order.Place.Tenant} is not on the site any more; tidegate site restore brings a whole site back."
        );
}
