using System.Collections.Immutable;
using Npgsql;

namespace Tidegate.Drivers.Databases;

/// <summary>
/// What belongs to a database's entry in the catalogue rather than to its contents, so that a template copy loses it:
/// connection limit, comment, settings, rights. Roles of pools and CONNECT are left out: those change with a cutover.
/// </summary>
internal static class DatabaseTraits
{
    // Settings whose value is a list of quoted names. As one string constant they would become one name.
    private static readonly ImmutableHashSet<string> Lists = ImmutableHashSet.Create(
        StringComparer.Ordinal,
        "search_path",
        "temp_tablespaces",
        "local_preload_libraries",
        "session_preload_libraries"
    );

    /// <summary>One line a trait, for comparing and for people.</summary>
    public static Task<ImmutableArray<string>> ReadAsync(
        PostgresSession session,
        string database,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            """
            with d as (select * from pg_database where datname = $1)
            select format('encoding %s, collation %s, character type %s, provider %s %s',
                          encoding, datcollate, datctype, datlocprovider, daticulocale) from d
            union all select format('connection limit %s', datconnlimit) from d
            union all select format('comment %s', shobj_description(oid, 'pg_database')) from d
            union all select format('setting %s %s', r.rolname, unnest(s.setconfig))
              from d join pg_db_role_setting s on s.setdatabase = d.oid left join pg_roles r on r.oid = s.setrole
             where r.rolname is null or r.rolname !~ '^(gen|mig)_'
            union all select format('right %s %s %s', coalesce(r.rolname, 'PUBLIC'), a.privilege_type, a.is_grantable)
              from d, aclexplode(d.datacl) a left join pg_roles r on r.oid = a.grantee
             where a.privilege_type <> 'CONNECT' and a.grantee <> d.datdba
               and (r.rolname is null or r.rolname !~ '^(gen|mig)_')
            order by 1
            """,
            [database],
            row => row.GetString(0),
            cancellationToken
        );

    /// <summary>What a copy lacks of its source's and has beside it; empty when they are the same.</summary>
    public static async Task<string[]> DifferencesAsync(
        PostgresSession session,
        string source,
        string copy,
        CancellationToken cancellationToken
    )
    {
        var wanted = await ReadAsync(session, source, cancellationToken);
        var found = await ReadAsync(session, copy, cancellationToken);
        return
        [
            .. wanted.Except(found, StringComparer.Ordinal).Select(trait => $"missing: {trait}"),
            .. found.Except(wanted, StringComparer.Ordinal).Select(trait => $"not in the source: {trait}"),
        ];
    }

    /// <summary>Gives a bare copy what its source has. Inside the caller's transaction.</summary>
    public static async Task CarryOverAsync(
        PostgresSession session,
        string source,
        string copy,
        CancellationToken cancellationToken
    )
    {
        await session.ExecuteAsync($"REVOKE ALL ON DATABASE {Sql.Name(copy)} FROM PUBLIC", cancellationToken);
        await session.ExecuteAllAsync(await PlainAsync(session, source, copy, cancellationToken), cancellationToken);
        await session.ExecuteAllAsync(await RightsAsync(session, source, copy, cancellationToken), cancellationToken);
        foreach (var (role, setting) in await SettingsAsync(session, source, cancellationToken))
        {
            await SetAsync(session, copy, role, setting, cancellationToken);
        }
    }

    private static async Task<IEnumerable<string>> PlainAsync(
        PostgresSession session,
        string source,
        string copy,
        CancellationToken cancellationToken
    ) =>
        await session.QueryAsync(
            "select datconnlimit, shobj_description(oid, 'pg_database') from pg_database where datname = $1",
            [source],
            row =>
                $"ALTER DATABASE {Sql.Name(copy)} WITH CONNECTION LIMIT {row.GetInt32(0)}"
                + (row.IsDBNull(1) ? "" : $"; COMMENT ON DATABASE {Sql.Name(copy)} IS {Sql.Text(row.GetString(1))}"),
            cancellationToken
        );

    private static async Task<IEnumerable<string>> RightsAsync(
        PostgresSession session,
        string source,
        string copy,
        CancellationToken cancellationToken
    ) =>
        await session.QueryAsync(
            """
            select a.privilege_type, r.rolname::text, a.is_grantable
              from pg_database d, aclexplode(d.datacl) a left join pg_roles r on r.oid = a.grantee
             where d.datname = $1 and a.privilege_type <> 'CONNECT' and a.grantee <> d.datdba
               and (r.rolname is null or r.rolname !~ '^(gen|mig)_')
            """,
            [source],
            row =>
                $"GRANT {row.GetString(0)} ON DATABASE {Sql.Name(copy)} TO {(row.IsDBNull(1) ? "PUBLIC" : Sql.Name(row.GetString(1)))}"
                + (row.GetBoolean(2) ? " WITH GRANT OPTION" : ""),
            cancellationToken
        );

    private static Task<ImmutableArray<(string? Role, string Setting)>> SettingsAsync(
        PostgresSession session,
        string source,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            """
            select r.rolname::text, unnest(s.setconfig)
              from pg_database d join pg_db_role_setting s on s.setdatabase = d.oid
              left join pg_roles r on r.oid = s.setrole
             where d.datname = $1 and (r.rolname is null or r.rolname !~ '^(gen|mig)_')
            """,
            [source],
            row => (row.IsDBNull(0) ? null : row.GetString(0), row.GetString(1)),
            cancellationToken
        );

    // A superuser's setting, or one that no loaded module knows: PostgreSQL refuses it to others, unless granted.
    private static async Task SetPlainAsync(
        PostgresSession session,
        string statement,
        string parameter,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await session.ExecuteAsync(statement, cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new InvalidOperationException(
                $"The site role may not set {parameter} on the copy as it is set on its source: {refused.MessageText}. GRANT SET ON PARAMETER {Sql.Name(parameter)} TO {DatabaseNames.SiteRole}.",
                refused
            );
        }
    }

    private static async Task SetAsync(
        PostgresSession session,
        string copy,
        string? role,
        string setting,
        CancellationToken cancellationToken
    )
    {
        var (name, value) = (setting[..setting.IndexOf('=')], setting[(setting.IndexOf('=') + 1)..]);
        var quoted = string.Join('.', name.Split('.').Select(Sql.Name));
        var target = role is null
            ? $"ALTER DATABASE {Sql.Name(copy)}"
            : $"ALTER ROLE {Sql.Name(role)} IN DATABASE {Sql.Name(copy)}";
        if (!Lists.Contains(name))
        {
            await SetPlainAsync(session, $"{target} SET {quoted} TO {Sql.Text(value)}", name, cancellationToken);
            return;
        }

        await session.ExecuteAsync("select set_config($1, $2, true)", [name, value], cancellationToken);
        await session.ExecuteAllAsync(
            [$"{target} SET {quoted} FROM CURRENT", $"SET LOCAL {quoted} TO DEFAULT"],
            cancellationToken
        );
    }
}
