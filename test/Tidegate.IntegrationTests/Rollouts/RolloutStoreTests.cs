using Npgsql;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Storage;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Rollouts;

/// <summary>The contract of rollout stores, on PostgreSQL.</summary>
public sealed class RolloutStoreTests(PostgresCluster cluster)
    : RolloutStoreContract,
        IClassFixture<PostgresCluster>,
        IAsyncDisposable
{
    private NpgsqlDataSource? _database;

    [Fact]
    public async Task The_ledger_has_intent_and_outcome_of_every_step_and_cannot_be_changed()
    {
        var store = await EmptyStoreAsync();
        await store.StartAsync(Plans.Rollout(Plans.Of(1)), TestContext.Current.CancellationToken);

        await using var command = _database!.CreateCommand("update ledger set reason = 'nothing happened'");
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)
        );

        Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    protected override async Task<IRolloutStore> EmptyStoreAsync()
    {
        // xunit makes one instance of this class per test, so each test gets a database of its own.
        _database = ControlDatabase.Open(await cluster.ControlDatabaseAsync());
        return new RolloutStore(_database);
    }

    protected override async Task ExpireLeasesAsync()
    {
        await using var command = _database!.CreateCommand(
            """
            with u as (update upgrade set lease_until = clock_timestamp() - interval '1 s' where lease_until is not null)
            update rollout set lease_until = clock_timestamp() - interval '1 s' where lease_until is not null
            """
        );
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
