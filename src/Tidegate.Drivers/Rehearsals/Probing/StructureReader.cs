using Tidegate.ControlPlane.Rehearsals.Observed;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Rehearsals.Probing;

/// <summary>Reads a database's <see cref="Structure"/>.</summary>
internal static class StructureReader
{
    /// <param name="session">On the database, as a role that may read all of it.</param>
    public static async Task<Structure> ReadAsync(PostgresSession session, CancellationToken cancellationToken) =>
        new(
            await session.QueryAsync(
                Relations,
                [],
                row => new RelationState(
                    row.GetString(0),
                    row.GetInt64(1),
                    row.GetInt64(2),
                    row.GetString(3),
                    row.GetInt64(4),
                    row.GetString(5),
                    row.GetString(6),
                    row.GetInt64(7),
                    [.. row.GetFieldValue<string[]>(8)]
                ),
                cancellationToken
            ),
            await session.QueryAsync(
                Columns,
                [],
                row => new ColumnState(
                    row.GetString(0),
                    row.GetInt32(1),
                    row.GetString(2),
                    row.GetString(3),
                    row.GetInt32(4),
                    row.GetBoolean(5),
                    row.GetBoolean(6)
                ),
                cancellationToken
            ),
            await session.QueryAsync(
                Constraints,
                [],
                row => new ConstraintState(
                    row.GetString(0),
                    row.GetString(1),
                    row.GetString(2),
                    row.GetBoolean(3),
                    row.GetString(4),
                    row.IsDBNull(5) ? null : row.GetString(5),
                    [.. row.GetFieldValue<string[]>(6)]
                ),
                cancellationToken
            ),
            await session.QueryAsync(
                Indexes,
                [],
                row => new IndexState(
                    row.GetString(0),
                    row.GetString(1),
                    [.. row.GetFieldValue<string[]>(2)],
                    row.GetBoolean(3),
                    row.GetBoolean(4),
                    row.GetBoolean(5)
                ),
                cancellationToken
            ),
            await session.QueryAsync(
                Sequences,
                [],
                row => new SequenceState(row.GetString(0), row.IsDBNull(1) ? null : row.GetInt64(1), row.GetInt64(2)),
                cancellationToken
            ),
            await session.QueryAsync(
                Enums,
                [],
                row => new EnumState(row.GetString(0), [.. row.GetFieldValue<string[]>(1)]),
                cancellationToken
            ),
            await session.QueryAsync(
                "select extname || ' ' || extversion from pg_extension order by 1",
                [],
                row => row.GetString(0),
                cancellationToken
            )
        );

    private const string Relations = """
        select c.relname::text, c.oid::bigint, c.relfilenode::bigint, c.relkind::text, c.reltablespace::bigint,
               pg_get_userbyid(c.relowner)::text, coalesce(c.relacl::text, ''),
               case when c.relkind in ('r', 'i', 'm', 'S') then pg_relation_size(c.oid) else 0 end,
               array(select t.tgname::text from pg_trigger t
                      where t.tgrelid = c.oid and t.tgenabled = 'D' order by 1)
          from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'i', 'S', 'v', 'm')
         order by 1
        """;

    private const string Columns = """
        select c.relname::text, a.attnum::int, a.attname::text, format_type(a.atttypid, null), a.atttypmod::int,
               a.attnotnull, a.atthasdef
          from pg_attribute a
          join pg_class c on c.oid = a.attrelid and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
         where a.attnum > 0 and not a.attisdropped
         order by 1, 2
        """;

    private const string Constraints = """
        select c.relname::text, k.conname::text, k.contype::text, k.convalidated, pg_get_constraintdef(k.oid),
               nullif(k.conindid, 0)::regclass::text,
               array(select a.attname::text from unnest(k.conkey) with ordinality as key(number, place)
                       join pg_attribute a on a.attrelid = k.conrelid and a.attnum = key.number order by key.place)
          from pg_constraint k
          join pg_class c on c.oid = k.conrelid and c.relnamespace = 'public'::regnamespace
         where k.contype in ('c', 'f', 'p', 'u', 'x')
         order by 1, 2
        """;

    private const string Indexes = """
        select i.relname::text, t.relname::text,
               array(select coalesce(a.attname::text, '(expression)')
                       from unnest(x.indkey::int[]) with ordinality as key(number, place)
                       left join pg_attribute a on a.attrelid = x.indrelid and a.attnum = key.number and key.number > 0
                      order by key.place),
               x.indisunique, x.indisprimary, x.indisvalid
          from pg_index x
          join pg_class i on i.oid = x.indexrelid and i.relnamespace = 'public'::regnamespace
          join pg_class t on t.oid = x.indrelid
         order by 1
        """;

    /// <summary>What the column behind it can hold, not what the sequence would give out.</summary>
    private const string Sequences = """
        select q.sequencename::text, q.last_value,
               least(q.max_value, case a.atttypid when 'int4'::regtype then 2147483647
                                                  when 'int2'::regtype then 32767 else q.max_value end)
          from pg_sequences q
          join pg_class c on c.relname = q.sequencename and c.relkind = 'S' and c.relnamespace = 'public'::regnamespace
          left join pg_depend d on d.objid = c.oid and d.classid = 'pg_class'::regclass
                               and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
          left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
         where q.schemaname = 'public'
         order by 1
        """;

    private const string Enums = """
        select t.typname::text, array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid
                                       order by e.enumsortorder)
          from pg_type t where t.typtype = 'e' and t.typnamespace = 'public'::regnamespace
         order by 1
        """;
}
