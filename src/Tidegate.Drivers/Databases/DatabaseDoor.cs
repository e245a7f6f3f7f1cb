using System.Collections.Immutable;

namespace Tidegate.Drivers.Databases;

/// <summary>Who may connect to a database: closes it for everybody but the site. Inside the caller's transaction.</summary>
internal static class DatabaseDoor
{
    /// <summary>
    /// Refuses new sessions, takes CONNECT and the owner role's membership from every role that is not the site's,
    /// declared or not. Running sessions live on: <see cref="EmptyDatabase"/> ends them.
    /// </summary>
    /// <returns>What was taken, so that it can be given back.</returns>
    /// <exception cref="InvalidOperationException">Somebody would still get in; the transaction is to be rolled back.</exception>
    public static async Task<TakenRights> CloseAsync(
        PostgresSession session,
        string database,
        string owner,
        CancellationToken cancellationToken
    )
    {
        var taken = new TakenRights(
            await ConnectsAsync(session, database, cancellationToken),
            await MembersAsync(session, owner, cancellationToken)
        );
        var statements = (
            (string[])
                [
                    $"ALTER DATABASE {Sql.Name(database)} WITH ALLOW_CONNECTIONS false",
                    $"REVOKE CONNECT ON DATABASE {Sql.Name(database)} FROM PUBLIC",
                ]
        )
            .Concat(
                taken.Connects.Select(role =>
                    $"REVOKE CONNECT ON DATABASE {Sql.Name(database)} FROM {Sql.Name(role)} CASCADE"
                )
            )
            .Concat(
                taken
                    .Connects.Where(DatabaseNames.IsPoolRole)
                    .SelectMany(role => TenantRights.Leftovers(database, role))
            )
            .Concat(taken.Members.Select(role => $"REVOKE {Sql.Name(owner)} FROM {Sql.Name(role)} CASCADE"));
        await session.ExecuteAllAsync(statements, cancellationToken);
        await RefuseIfAnybodyIsLeftAsync(session, database, owner, cancellationToken);
        return taken;
    }

    private static Task<ImmutableArray<string>> ConnectsAsync(
        PostgresSession session,
        string database,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            """
            select distinct r.rolname::text
              from pg_database d, aclexplode(d.datacl) a
              join pg_roles r on r.oid = a.grantee
             where d.datname = $1 and a.privilege_type = 'CONNECT' and r.oid <> d.datdba
            """,
            [database],
            row => row.GetString(0),
            cancellationToken
        );

    private static Task<ImmutableArray<string>> MembersAsync(
        PostgresSession session,
        string owner,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            """
            select distinct m.rolname::text
              from pg_auth_members g
              join pg_roles o on o.oid = g.roleid
              join pg_roles m on m.oid = g.member
             where o.rolname = $1 and m.rolname <> $2
            """,
            [owner, DatabaseNames.SiteRole],
            row => row.GetString(0),
            cancellationToken
        );

    // CONNECT also comes by membership, in the site role above all: so it is asked of PostgreSQL, not deduced from the list.
    private static async Task RefuseIfAnybodyIsLeftAsync(
        PostgresSession session,
        string database,
        string owner,
        CancellationToken cancellationToken
    )
    {
        var left = await session.QueryAsync(
            """
            select rolname::text
              from pg_roles r
             where not rolsuper and rolname not in ($2, $3)
               and (has_database_privilege(r.oid, $1, 'CONNECT')
                    or pg_has_role(r.oid, $2, 'MEMBER')
                    or pg_has_role(r.oid, $3, 'MEMBER'))
             order by rolname
            """,
            [database, DatabaseNames.SiteRole, owner],
            row => row.GetString(0),
            cancellationToken
        );
        if (!left.IsEmpty)
        {
            throw new InvalidOperationException(
                $"Database {database} cannot be closed: {string.Join(", ", left)} would still get in by membership in another role. Revoke that membership."
            );
        }
    }
}

/// <summary>Roles that had something which a fence took.</summary>
/// <param name="Connects">Roles that were granted CONNECT.</param>
/// <param name="Members">Direct members of the owner role.</param>
internal sealed record TakenRights(ImmutableArray<string> Connects, ImmutableArray<string> Members);
