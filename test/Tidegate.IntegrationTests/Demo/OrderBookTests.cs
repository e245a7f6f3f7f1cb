using Npgsql;
using Tidegate.Demo.Recording;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Demo;

public sealed class OrderBookTests(PostgresCluster postgres) : IClassFixture<PostgresCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_orders_of_a_run_are_counted_by_reference_and_those_of_others_are_not()
    {
        var connection = postgres.Site.ConnectionString("postgres", "postgres");
        await using (var database = new NpgsqlConnection(connection))
        {
            await database.OpenAsync(Token);
            await using var orders = new NpgsqlCommand(
                """
                create table sale_order (client_order_ref text, state text);
                insert into sale_order values
                    ('run-1', 'sale'), ('run-2', 'draft'), ('run-3', 'sale'), ('run-3', 'draft'), ('SEED-1', 'sale'), (null, 'sale');
                """,
                database
            );
            await orders.ExecuteNonQueryAsync(Token);
        }

        var stored = await new PostgresOrderBook(_ => connection).ReadAsync("shop-oslo", "run", Token);

        Assert.Equal(
            [new("run-1", 1, Confirmed: true), new("run-2", 1, Confirmed: false), new("run-3", 2, Confirmed: false)],
            stored
        );
    }
}
