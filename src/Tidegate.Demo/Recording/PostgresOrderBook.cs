using Npgsql;

namespace Tidegate.Demo.Recording;

/// <summary>Reads <c>sale_order</c> of the tenants' live databases.</summary>
/// <param name="connection">How to reach the cluster; the database is put in per tenant.</param>
/// <param name="databases">Tenant → database.</param>
internal sealed class PostgresOrderBook(string connection, IReadOnlyDictionary<string, string> databases) : IOrderBook
{
    private const string CountPerReference = """
        select client_order_ref, count(*)::int, bool_and(state in ('sale', 'done'))
          from sale_order
         where starts_with(client_order_ref, $1)
         group by client_order_ref
         order by client_order_ref
        """;

    public async Task<IReadOnlyList<StoredOrder>> ReadAsync(
        string tenant,
        string run,
        CancellationToken cancellationToken
    )
    {
        var settings = new NpgsqlConnectionStringBuilder(connection)
        {
            Database = databases[tenant],
            ApplicationName = "tidegate-demo",
            // A session that stays would be in the way of the next cutover's fence.
            Pooling = false,
        };
        await using var database = new NpgsqlConnection(settings.ConnectionString);
        await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(CountPerReference, database);
        command.Parameters.Add(new() { Value = run });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var orders = new List<StoredOrder>();
        while (await reader.ReadAsync(cancellationToken))
        {
            orders.Add(new(reader.GetString(0), reader.GetInt32(1), reader.GetBoolean(2)));
        }

        return orders;
    }
}
