using System.Collections.Immutable;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Copies.Masks;

/// <summary>
/// Rewrites what was masked: an update leaves the old row in the table's file, and the planner's statistics keep its
/// most common values. Also gives the room back that the update took.
/// </summary>
internal static class MaskingRewrite
{
    public static async Task RunAsync(
        CopyDatabase copy,
        ImmutableArray<string> tables,
        CancellationToken cancellationToken
    )
    {
        await using (var session = await copy.OpenAsync(cancellationToken))
        {
            foreach (var table in tables)
            {
                await session.ExecuteAsync($"vacuum (full, analyze) public.{Sql.Name(table)}", cancellationToken);
            }

            foreach (
                var view in await session.QueryAsync(
                    "select oid::regclass::text from pg_class where relkind = 'm' and relnamespace = 'public'::regnamespace",
                    [],
                    row => row.GetString(0),
                    cancellationToken
                )
            )
            {
                await session.ExecuteAsync($"refresh materialized view {view}", cancellationToken);
            }
        }

        // The catalogue is the database owner's to rewrite, not the tables'.
        await using var owner = await copy.Postgres.OpenAsync(copy.Name, copy.Role, cancellationToken);
        await owner.ExecuteAsync("vacuum full pg_catalog.pg_statistic", cancellationToken);
    }
}
