using Npgsql;

namespace Tidegate.Demo.Reporting;

/// <summary>Which database carries a tenant's name, told by PostgreSQL itself.</summary>
internal static class DatabaseOids
{
    public static async Task<IReadOnlyDictionary<string, uint>> ReadAsync(
        string connectionString,
        CancellationToken cancellationToken
    )
    {
        await using var database = new NpgsqlConnection(connectionString);
        await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select datname::text, oid from pg_database", database);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var oids = new Dictionary<string, uint>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            oids.Add(reader.GetString(0), reader.GetFieldValue<uint>(1));
        }

        return oids;
    }
}
