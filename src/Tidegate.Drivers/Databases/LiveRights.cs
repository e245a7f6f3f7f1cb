using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Drift;

namespace Tidegate.Drivers.Databases;

/// <summary>Reads owners, rights, members and settings of databases from the shared catalogues: three queries, however many databases.</summary>
internal static class LiveRights
{
    // Without an entry of its own a database has PostgreSQL's default rights, CONNECT for PUBLIC among them.
    private const string Databases = """
        select d.datname::text, pg_get_userbyid(d.datdba)::text, d.datallowconn, d.datistemplate,
               array(select distinct a.privilege_type || ' of ' || coalesce(r.rolname, 'PUBLIC')
                       from aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
                       left join pg_roles r on r.oid = a.grantee
                      where a.grantee <> d.datdba and (a.privilege_type = 'CONNECT' or r.rolname ~ '^(gen|mig)_')),
               array(select distinct m.rolname::text
                       from pg_auth_members g join pg_roles o on o.oid = g.roleid join pg_roles m on m.oid = g.member
                      where o.rolname = 'own_' || d.datname and m.rolname <> 'tidegate_site'),
               array(select setting || ' of ' || r.rolname
                       from pg_db_role_setting s join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) setting
                      where s.setdatabase = d.oid and r.rolname ~ '^(gen|mig)_')
          from pg_database d where d.datname = any($1)
        """;

    private const string Powers = """
        select rolname, powers from (
            select r.rolname::text, concat_ws(', ',
                       case when r.rolsuper then 'SUPERUSER' end, case when r.rolcreatedb then 'CREATEDB' end,
                       case when r.rolcreaterole then 'CREATEROLE' end, case when r.rolreplication then 'REPLICATION' end,
                       case when r.rolbypassrls then 'BYPASSRLS' end,
                       (select string_agg('member of ' || o.rolname, ', ' order by o.rolname)
                          from pg_auth_members g join pg_roles o on o.oid = g.roleid
                         where g.member = r.oid and o.rolname !~ '^own_' and o.rolname <> 'tidegate_site')) as powers
              from pg_roles r where r.rolname ~ '^(gen|mig)_') roles
         where powers <> ''
        """;

    private const string SiteMembers = """
        select m.rolname::text
          from pg_auth_members g join pg_roles o on o.oid = g.roleid join pg_roles m on m.oid = g.member
         where o.rolname = 'tidegate_site'
        """;

    public static async Task<LiveCluster> ReadAsync(
        PostgresSession session,
        IReadOnlyCollection<string> databases,
        CancellationToken cancellationToken
    ) =>
        new(
            (await session.QueryAsync(Databases, [databases.ToArray()], Read, cancellationToken)).ToImmutableDictionary(
                StringComparer.Ordinal
            ),
            (
                await session.QueryAsync(
                    Powers,
                    [],
                    row => KeyValuePair.Create(row.GetString(0), row.GetString(1)),
                    cancellationToken
                )
            ).ToImmutableSortedDictionary(StringComparer.Ordinal),
            (
                await session.QueryAsync(SiteMembers, [], row => row.GetString(0), cancellationToken)
            ).ToImmutableSortedSet(StringComparer.Ordinal)
        );

    /// <summary>One database; null when there is none of that name.</summary>
    public static async Task<LiveDatabase?> FindAsync(
        PostgresSession session,
        string database,
        CancellationToken cancellationToken
    )
    {
        string[] one = [database];
        var found = await session.QueryAsync(Databases, [one], Read, cancellationToken);
        return found is [var only] ? only.Value : null;
    }

    private static KeyValuePair<string, LiveDatabase> Read(NpgsqlDataReader row)
    {
        return KeyValuePair.Create(
            row.GetString(0),
            new LiveDatabase(row.GetString(1), row.GetBoolean(2), row.GetBoolean(3), Texts(4), Texts(5), Texts(6))
        );

        ImmutableSortedSet<string> Texts(int column) =>
            row.GetFieldValue<string[]>(column).ToImmutableSortedSet(StringComparer.Ordinal);
    }
}
