using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Copies;

/// <summary>A copy's database that nobody works on: what is changed here is never the tenant's own.</summary>
/// <param name="Postgres">The cluster it lies in: the site's, or a side cluster.</param>
/// <param name="Role">Who reaches it; a member of the role that owns its tables.</param>
public sealed record CopyDatabase(SitePostgres Postgres, string Name, string Role = DatabaseNames.SiteRole)
{
    /// <summary>A session that works with no other rights than those of the role that owns the copy's tables.</summary>
    /// <exception cref="CopyRefusedException">It is no Odoo database, or its tables are a superuser's.</exception>
    internal async Task<PostgresSession> OpenAsync(CancellationToken cancellationToken)
    {
        var session = await Postgres.OpenAsync(Name, Role, cancellationToken);
        try
        {
            var owner = await session.QueryAsync(
                """
                select r.rolname::text, r.rolsuper from pg_class c join pg_roles r on r.oid = c.relowner
                 where c.oid = to_regclass('public.res_users')
                """,
                [],
                row => (Name: row.GetString(0), IsSuperuser: row.GetBoolean(1)),
                cancellationToken
            );
            await session.ExecuteAsync(
                owner switch
                {
                    [] => throw new CopyRefusedException(Name, ["it has no table res_users: it is no Odoo database"]),
                    [{ IsSuperuser: true } superuser] => throw new CopyRefusedException(
                        Name,
                        [
                            $"its tables are those of the superuser {superuser.Name}: register the tenant's database first",
                        ]
                    ),
                    [var (role, _), ..] => $"SET ROLE {Sql.Name(role)}",
                },
                cancellationToken
            );
            await session.ExecuteAsync("SET lock_timeout = '15s'", cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
