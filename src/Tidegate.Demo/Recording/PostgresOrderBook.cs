using Npgsql;

namespace Tidegate.Demo.Recording;

/// <summary>Reads <c>sale_order</c> of the tenants' live databases.</summary>
/// <param name="connectionOf">
/// Tenant → how to reach its database. Without pooling: a session that stays would be in the way of the next fence.
/// </param>
internal sealed class PostgresOrderBook(Func<string, string> connectionOf) : IOrderBook
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
        await using var database = new NpgsqlConnection(connectionOf(tenant));
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
