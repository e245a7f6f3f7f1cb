using System.Collections.Immutable;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Drills;

/// <summary>A table's content in two numbers.</summary>
internal sealed record Fingerprint(long Rows, string Content);

/// <summary>A tenant's database on a side cluster: damaged, compared, swapped. Never used on a site's own cluster.</summary>
internal sealed class DrillTenant(SitePostgres side, DrillDatabases names)
{
    // Where no objective names a document.
    private const int TablesAtLeast = 20;

    /// <summary>The table that Odoo gives a model.</summary>
    public static string TableOf(string model) => model.Replace('.', '_');

    /// <summary>Copies the recovered database as the live one, and deletes the rows of its business documents there.</summary>
    /// <returns>The deleted tables as they were.</returns>
    public async Task<ImmutableSortedDictionary<string, Fingerprint>> DamageAsync(
        IEnumerable<string> models,
        CancellationToken cancellationToken
    )
    {
        await MaintainAsync(
            [$"CREATE DATABASE {Sql.Name(names.Live)} TEMPLATE {Sql.Name(names.Recovered)}"],
            cancellationToken
        );
        await using var session = await side.OpenAsync(names.Live, SitePostgres.Superuser, cancellationToken);
        var wanted = models.Select(TableOf).Distinct(StringComparer.Ordinal).ToArray();
        var tables = await session.QueryAsync(
            """
            select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = 'public' and c.relkind = 'r' and (cardinality($1) = 0 or c.relname = any($1))
             order by c.relpages desc, c.relname limit case when cardinality($1) = 0 then $2 end
            """,
            [wanted, TablesAtLeast],
            row => row.GetString(0),
            cancellationToken
        );
        var truth = await FingerprintsAsync(names.Live, tables, cancellationToken);
        // As a superuser's mistake would: no trigger and no foreign key stands in its way.
        await session.ExecuteAsync("SET session_replication_role = replica", cancellationToken);
        foreach (var table in tables)
        {
            await session.ExecuteAsync($"DELETE FROM public.{Sql.Name(table)}", cancellationToken);
        }

        return truth;
    }

    public async Task<ImmutableSortedDictionary<string, Fingerprint>> FingerprintsAsync(
        string database,
        IReadOnlyCollection<string> tables,
        CancellationToken cancellationToken
    )
    {
        await using var session = await side.OpenAsync(database, SitePostgres.Superuser, cancellationToken);
        var prints = ImmutableSortedDictionary.CreateBuilder<string, Fingerprint>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            var rows = await session.QueryAsync(
                $"select count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text from public.{Sql.Name(table)} t",
                [],
                row => new Fingerprint(row.GetInt64(0), row.GetString(1)),
                cancellationToken
            );
            prints.Add(table, rows[0]);
        }

        return prints.ToImmutable();
    }

    /// <summary>The recovered database takes the damaged one's name, in one transaction.</summary>
    public async Task<bool> SwapAsync(CancellationToken cancellationToken)
    {
        await using var session = await side.OpenAsync(
            SitePostgres.Maintenance,
            SitePostgres.Superuser,
            cancellationToken
        );
        return await session.InTransactionAsync(
            async () =>
            {
                await session.ExecuteAllAsync(
                    [
                        $"ALTER DATABASE {Sql.Name(names.Live)} RENAME TO {Sql.Name(names.Damaged)}",
                        $"ALTER DATABASE {Sql.Name(names.Back)} RENAME TO {Sql.Name(names.Live)}",
                    ],
                    cancellationToken
                );
                return true;
            },
            cancellationToken
        );
    }

    private async Task MaintainAsync(IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        await using var session = await side.OpenAsync(
            SitePostgres.Maintenance,
            SitePostgres.Superuser,
            cancellationToken
        );
        await session.ExecuteAllAsync(statements, cancellationToken);
    }
}
