using Npgsql;
using Tidegate.Drivers.Databases;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Databases;

/// <summary>Clients that stand still within a command, where PostgreSQL waits for them before it drops a database.</summary>
public sealed class StandingClientTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("create temp table given (t text); copy given from stdin")]
    [InlineData("copy (select repeat('x', 1000) from generate_series(1, 100000)) to stdout")]
    public async Task They_keep_nobody_from_dropping_a_copy(string command)
    {
        var (shop, other) = (await cluster.NewShopAsync(), await cluster.NewShopAsync());
        await Shop.DoneAsync(() => shop.FenceAsync());
        await Shop.DoneAsync(() => shop.CopyAsync());
        await using var standing = await cluster.Postgres.OpenAsync(other.Database, other.OldRole);
        await using var stands = Stand(standing, command);
        await Eventually.IsTrueAsync(
            async () => await WaitsForClientAsync(standing.ProcessID) is not "0",
            () => "it waits for its client"
        );
        var started = TimeProvider.System.GetTimestamp();

        await Shop.DoneAsync(() => shop.DropCopyAsync()).WaitAsync(Bound, Token);

        // The drop had something to wait for, else this test would prove nothing.
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= StandingClients.Patience);
        Assert.Equal("0", await WaitsForClientAsync(standing.ProcessID));
        await Shop.DoneAsync(() => shop.UnfenceAsync());
    }

    /// <summary>Begins the command and neither sends nor reads what comes next.</summary>
    private static Gone Stand(NpgsqlConnection connection, string command)
    {
        if (command.Contains("from stdin", StringComparison.Ordinal))
        {
            var parts = command.Split("; ");
            using var before = new NpgsqlCommand(parts[0], connection);
            before.ExecuteNonQuery();
            return new Gone(connection.BeginTextImport(parts[1]));
        }

        return new Gone(connection.BeginTextExport(command));
    }

    private Task<string?> WaitsForClientAsync(int process) =>
        cluster.Postgres.ScalarAsync(
            "postgres",
            $"select count(*) from pg_stat_activity where pid = {process} and state = 'active' and wait_event_type = 'Client'"
        );

    /// <summary>What cannot be ended well any more.</summary>
    private sealed class Gone(IDisposable within) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            try
            {
                within.Dispose();
            }
            catch (Exception ended) when (ended is NpgsqlException or IOException)
            {
                // PostgreSQL ended its session.
            }

            return ValueTask.CompletedTask;
        }
    }
}
