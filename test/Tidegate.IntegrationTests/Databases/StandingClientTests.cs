using Npgsql;
using Tidegate.Drivers.Databases;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Databases;

/// <summary>Clients that stand still within a command, where PostgreSQL waits for them before it drops a database.</summary>
public sealed class StandingClientTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_within_a_COPY_keeps_nobody_from_dropping_a_database()
    {
        var (shop, other) = (await cluster.NewShopAsync(), await cluster.NewShopAsync());
        await Shop.DoneAsync(() => shop.FenceAsync());
        await Shop.DoneAsync(() => shop.CopyAsync());
        await using var standing = await cluster.Postgres.OpenAsync(other.Database, other.OldRole);
        await using (var given = new NpgsqlCommand("create temp table given (line text)", standing))
        {
            await given.ExecuteNonQueryAsync(Token);
        }

        var copy = await standing.BeginTextImportAsync("copy given from stdin", Token);
        await Eventually.IsTrueAsync(
            async () => await WaitsForClientAsync(standing.ProcessID) is not "0",
            () => "it waits for its client"
        );
        var started = TimeProvider.System.GetTimestamp();

        await Shop.DoneAsync(() => shop.DropCopyAsync()).WaitAsync(Bound, Token);

        // The drop had something to wait for, else this test would prove nothing.
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= StandingClients.Patience);
        Assert.Equal("0", await WaitsForClientAsync(standing.ProcessID));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => copy.DisposeAsync().AsTask());
    }

    private Task<string?> WaitsForClientAsync(int process) =>
        cluster.Postgres.ScalarAsync(
            "postgres",
            $"select count(*) from pg_stat_activity where pid = {process} and state = 'active' and wait_event = 'ClientRead'"
        );
}
