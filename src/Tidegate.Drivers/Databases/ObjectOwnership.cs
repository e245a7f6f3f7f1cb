namespace Tidegate.Drivers.Databases;

/// <summary>Makes one role the owner of everything in a database that is neither PostgreSQL's nor an extension's.</summary>
/// <remarks>
/// Object by object and not by <c>REASSIGN OWNED</c>: that also moves every <em>database</em> the old role owns, and is
/// refused for the bootstrap superuser.
/// </remarks>
internal static class ObjectOwnership
{
    public static async Task<int> MoveAsync(PostgresSession session, string owner, CancellationToken cancellationToken)
    {
        var statements = await session.QueryAsync(Statements, [owner], row => row.GetString(1), cancellationToken);
        await session.ExecuteAllAsync(statements, cancellationToken);
        return statements.Length;
    }

    // Schemas first: a new owner of a table needs CREATE on its schema.
    // Sequences of serial columns, indexes and toast tables follow their table.
    private const string Statements = """
        with theirs as (
            select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'),
        mine as (select oid from pg_roles where rolname = $1),
        extensions as (select classid, objid from pg_depend where deptype = 'e')
        select 1 as turn, format('ALTER SCHEMA %I OWNER TO %I', n.nspname, $1)
          from pg_namespace n join theirs using (oid), mine
         where n.nspowner <> mine.oid
           and ('pg_namespace'::regclass, n.oid) not in (select * from extensions)
        union all
        select 2, format('ALTER %s %I.%I OWNER TO %I',
                      case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' when 'S' then 'SEQUENCE'
                                     when 'f' then 'FOREIGN TABLE' else 'TABLE' end, n.nspname, c.relname, $1)
          from pg_class c join theirs n on n.oid = c.relnamespace, mine
         where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and c.relowner <> mine.oid
           and ('pg_class'::regclass, c.oid) not in (select * from extensions)
           and not (c.relkind = 'S' and exists (
                select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')))
        union all
        select 2, format('ALTER ROUTINE %s OWNER TO %I', p.oid::regprocedure, $1)
          from pg_proc p join theirs n on n.oid = p.pronamespace, mine
         where p.proowner <> mine.oid
           and ('pg_proc'::regclass, p.oid) not in (select * from extensions)
        union all
        select 2, format('ALTER TYPE %I.%I OWNER TO %I', n.nspname, t.typname, $1)
          from pg_type t join theirs n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid, mine
         where t.typowner <> mine.oid and t.typelem = 0 and (c.oid is null or c.relkind = 'c')
           and ('pg_type'::regclass, t.oid) not in (select * from extensions)
        order by turn
        """;
}
