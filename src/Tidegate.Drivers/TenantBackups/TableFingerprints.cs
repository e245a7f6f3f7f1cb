using System.Collections.Immutable;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>Counts and hashes what a database holds, so that two databases can be compared without their order of rows.</summary>
internal static class TableFingerprints
{
    /// <summary>How values are written as text: the same on every server, whatever its configuration.</summary>
    public static readonly ImmutableArray<string> Settings =
    [
        "set timezone to 'UTC'",
        "set datestyle to 'ISO, YMD'",
        "set intervalstyle to 'postgres'",
        "set extra_float_digits to 1",
        "set bytea_output to 'hex'",
        "set xmloption to 'content'",
        "set search_path to pg_catalog",
        "set row_security to off",
    ];

    private const string OwnTables = """
        select format('%I.%I', n.nspname, c.relname)
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and c.relpersistence <> 't' and (c.relpersistence = 'p' or not $1) and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
           and not exists (select from pg_depend d
                            where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
         order by 1
        """;

    private const string OwnSequences = """
        select format('%I.%I', schemaname, sequencename), last_value
          from pg_sequences where schemaname !~ '^pg_' and increment_by > 0 and not cycle order by 1
        """;

    /// <summary>In a session with <see cref="Settings"/>.</summary>
    /// <param name="onlyLogged">Without those that PostgreSQL empties when it recovers.</param>
    public static async Task<ImmutableArray<TableFingerprint>> ReadAsync(
        PostgresSession session,
        CancellationToken cancellationToken,
        bool onlyLogged = false
    )
    {
        var tables = await session.QueryAsync(OwnTables, [onlyLogged], row => row.GetString(0), cancellationToken);
        var prints = ImmutableArray.CreateBuilder<TableFingerprint>(tables.Length);
        foreach (var table in tables)
        {
            // The names are quoted by PostgreSQL itself. The alias is no column's name.
            var print = await session.QueryAsync(
                $"select count(*), coalesce(sum(hashtextextended(tidegate_row__::text, 0)), 0)::text from only {table} tidegate_row__",
                [],
                row => new TableFingerprint(table, row.GetInt64(0), row.GetString(1)),
                cancellationToken
            );
            prints.Add(print[0]);
        }

        return prints.DrainToImmutable();
    }

    public static Task<ImmutableArray<SequenceMark>> SequencesAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            OwnSequences,
            [],
            row => new SequenceMark(row.GetString(0), row.IsDBNull(1) ? null : row.GetInt64(1)),
            cancellationToken
        );
}
