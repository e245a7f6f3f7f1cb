using Npgsql;

namespace Tidegate.Drivers.Databases;

/// <summary>A database as the cluster's catalogue has it.</summary>
/// <param name="Oid">Its identity within the cluster; stays through renames.</param>
/// <param name="IsOpen"><c>ALLOW_CONNECTIONS</c>. When false even a superuser is refused.</param>
/// <param name="IsWhole">False after a DROP that was cut: such a database can only be dropped again.</param>
internal sealed record DatabaseFacts(long Oid, bool IsOpen, bool IsTemplate, bool IsWhole)
{
    /// <summary>Null when no database has this name.</summary>
    public static async Task<DatabaseFacts?> FindAsync(
        PostgresSession session,
        string database,
        CancellationToken cancellationToken
    ) =>
        (
            await session.QueryAsync(
                "select oid::bigint, datallowconn, datistemplate, datconnlimit <> -2 from pg_database where datname = $1",
                [database],
                Read,
                cancellationToken
            )
        ).SingleOrDefault();

    private static DatabaseFacts Read(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetBoolean(1), row.GetBoolean(2), row.GetBoolean(3));
}
