using System.Collections.Immutable;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Copies.Masks;

/// <summary>Every column of a database that is neither a number, a time nor a truth. What PostgreSQL computes itself is left out.</summary>
internal static class TextColumns
{
    public static Task<ImmutableArray<TextColumn>> ReadAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            Query,
            [],
            row => new TextColumn(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.IsDBNull(3) ? null : row.GetInt32(3),
                row.GetBoolean(4),
                row.IsDBNull(5) ? null : row.GetString(5),
                row.GetBoolean(6)
            ),
            cancellationToken
        );

    private const string Query = """
        with fields as (
            select replace(f.model, '.', '_') as relname, f.name, min(f.ttype) as ttype,
                   coalesce(bool_or(m.author ilike 'Odoo%'), false) as is_odoos
              from ir_model_fields f
              left join ir_model_data d on d.model = 'ir.model.fields' and d.res_id = f.id
              left join ir_module_module m on m.name = d.module
             group by 1, 2)
        select c.relname::text, a.attname::text, t.typname::text,
               case when t.typname in ('varchar', 'bpchar') and a.atttypmod > 4 then a.atttypmod - 4 end,
               a.attnotnull, f.ttype::text, coalesce(f.is_odoos, false)
          from pg_attribute a
          join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and not c.relispartition
                         and c.relnamespace = 'public'::regnamespace
          join pg_type t on t.oid = a.atttypid
          left join fields f on f.relname = c.relname and f.name = a.attname
         where a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
           and t.typcategory not in ('N', 'B', 'D', 'T', 'E', 'R') and t.typname <> 'uuid'
         order by 1, 2
        """;
}
