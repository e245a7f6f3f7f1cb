using System.Collections.Frozen;
using System.Collections.Immutable;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>Which tables of schema <c>public</c> a database has, with their columns and types: Odoo databases differ in what is installed.</summary>
internal sealed class TableColumns
{
    private readonly FrozenDictionary<string, ImmutableSortedDictionary<string, string>> _tables;

    private TableColumns(FrozenDictionary<string, ImmutableSortedDictionary<string, string>> tables) =>
        _tables = tables;

    public static async Task<TableColumns> ReadAsync(
        PostgresSession session,
        IEnumerable<string> tables,
        CancellationToken cancellationToken
    )
    {
        var rows = await session.QueryAsync(
            """
            select c.relname::text, a.attname::text, format_type(a.atttypid, null)
              from pg_class c join pg_attribute a on a.attrelid = c.oid
             where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
               and a.attnum > 0 and not a.attisdropped and c.relname = any($1)
            """,
            [tables.ToArray()],
            row => (Table: row.GetString(0), Column: row.GetString(1), Type: row.GetString(2)),
            cancellationToken
        );
        return new(
            rows.GroupBy(row => row.Table, StringComparer.Ordinal)
                .ToFrozenDictionary(
                    table => table.Key,
                    table =>
                        table.ToImmutableSortedDictionary(row => row.Column, row => row.Type, StringComparer.Ordinal),
                    StringComparer.Ordinal
                )
        );
    }

    public bool Has(string table) => _tables.ContainsKey(table);

    public bool Has(string table, string column) => Of(table).ContainsKey(column);

    /// <summary>Name and type of each column, by name; empty when there is no such table.</summary>
    public ImmutableSortedDictionary<string, string> Of(string table) =>
        _tables.GetValueOrDefault(table) ?? ImmutableSortedDictionary<string, string>.Empty;
}
