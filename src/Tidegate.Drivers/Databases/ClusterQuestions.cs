using System.Collections.Immutable;

namespace Tidegate.Drivers.Databases;

/// <summary>What the cluster's shared catalogues say against a cutover of one database.</summary>
internal static class ClusterQuestions
{
    public static async Task<IEnumerable<string>> AskAsync(
        PostgresSession session,
        string database,
        IReadOnlyCollection<string> declaredRoles,
        CancellationToken cancellationToken
    )
    {
        var answers = await session.QueryAsync(Questions, [database], row => row.GetString(0), cancellationToken);
        return answers.AddRange(await StrangersAsync(session, database, declaredRoles, cancellationToken));
    }

    private static Task<ImmutableArray<string>> StrangersAsync(
        PostgresSession session,
        string database,
        IReadOnlyCollection<string> declaredRoles,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            """
            select format('Role %s is connected to database %s (%s sessions) and is not declared: add it to the tenant''s externalRoles or end its sessions.',
                          usename, datname, count(*))
              from pg_stat_activity
             where datname = $1 and usename <> $2 and usename !~ '^(gen|mig)_' and usename <> all ($3)
               and backend_type = 'client backend'
             group by usename, datname
             order by usename
            """,
            [database, DatabaseNames.SiteRole, declaredRoles.ToArray()],
            row => row.GetString(0),
            cancellationToken
        );

    private const string Questions = """
        select format('Database %s has the logical replication slot %s: a swap would leave its consumer on the checkpoint. Drop the slot first.',
                      database, slot_name) from pg_replication_slots where database = $1
        union all
        select format('Database %s has the subscription %s: the copy would have it too. Drop it first.', d.datname, s.subname)
          from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = $1
        union all
        select format('Database %s has the prepared transaction %s: nothing can be renamed or copied until it is committed or rolled back.',
                      database, gid) from pg_prepared_xacts where database = $1
        union all
        select format('Database %s belongs to role %s and not to the site: take it over first.', datname, datdba::regrole)
          from pg_database where datname = $1 and datdba <> 'tidegate_site'::regrole
        union all
        select format('Database %s sets %s, which the copy needs too and the site role may not set: GRANT SET ON PARAMETER %I TO tidegate_site.',
                      database, parameter, parameter)
          from (select d.datname as database, split_part(unnest(s.setconfig), '=', 1) as parameter
                  from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
                  left join pg_roles r on r.oid = s.setrole
                 where d.datname = $1 and (r.rolname is null or r.rolname !~ '^(gen|mig)_')) settings
          left join pg_settings known on known.name = parameter
         where parameter <> 'role' and known.context is distinct from 'user' and not has_parameter_privilege('tidegate_site', parameter, 'SET')
        union all
        select format('Role %s is a member of the site role and would pass every fence. Revoke that.', member::regrole)
          from pg_auth_members where roleid = 'tidegate_site'::regrole
        """;
}
