using Npgsql;
using Tidegate.ControlPlane.Promotion;
using Tidegate.ControlPlane.Storage;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Promotion;

/// <summary>One server at a time looks at planned work.</summary>
public sealed class PromotionTurnTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_stands_still_in_its_turn_loses_it_and_a_living_one_goes_on()
    {
        await using var patient = ControlDatabase.Open(cluster.Site.ConnectionString("postgres", "postgres"));
        await using var frozen = ControlDatabase.Open(
            new NpgsqlConnectionStringBuilder(patient.ConnectionString)
            {
                Options = "-c idle_in_transaction_session_timeout=1s",
            }.ConnectionString
        );
        var (living, standing) = (new PromotionTurnStore(patient), new PromotionTurnStore(frozen));
        var turn = await standing.TryTakeAsync(Token);
        Assert.NotNull(turn);
        Assert.Null(await living.TryTakeAsync(Token));

        IAsyncDisposable? next = null;
        await Eventually.IsTrueAsync(
            async () => (next = await living.TryTakeAsync(Token)) is not null,
            () => "the living one never gets the turn"
        );

        await turn.DisposeAsync(); // it wakes, and nothing is wrong
        await next!.DisposeAsync();
        await using var bound = patient.CreateCommand("show idle_in_transaction_session_timeout");
        Assert.Equal("1min", await bound.ExecuteScalarAsync(Token));
    }
}
