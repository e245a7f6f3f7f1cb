using Npgsql;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Storage;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Blockers;

/// <summary>What blocks, on PostgreSQL.</summary>
public sealed class BlockerStoreTests(PostgresCluster cluster)
    : IClassFixture<PostgresCluster>,
        IAsyncLifetime,
        IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private NpgsqlDataSource? _database;

    [Fact]
    public async Task A_blocker_keeps_the_time_since_when_it_blocks_until_it_is_gone()
    {
        var store = new BlockerStore(_database!);
        await ReplaceAsync(store, "promotion/production", Noon, Soaking("soaks until 13:00", Noon));
        await ReplaceAsync(store, "promotion/production", Noon, Soaking("soaks until 14:00", Noon.AddMinutes(5)));

        var kept = Assert.Single(await store.ListAsync(TestContext.Current.CancellationToken));
        Assert.Equal((Noon, "soaks until 14:00"), (kept.Since, kept.What));

        await ReplaceAsync(store, "promotion/production", Noon.AddHours(1));
        Assert.Empty(await store.ListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            [
                "blocked environment/production (soaking): soaks until 13:00",
                "cleared environment/production (soaking): soaks until 14:00",
            ],
            await LedgerAsync()
        );
    }

    [Fact]
    public async Task Who_replaces_its_own_blockers_leaves_those_of_others()
    {
        var store = new BlockerStore(_database!);
        await ReplaceAsync(store, "promotion/production", Noon, Soaking("soaks", Noon));
        await ReplaceAsync(store, "source/fleet", Noon);

        Assert.Single(await store.ListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Saying_the_same_again_blocks_nothing_anew()
    {
        var store = new BlockerStore(_database!);
        await ReplaceAsync(store, "promotion/production", Noon, Soaking("soaks", Noon));
        await ReplaceAsync(store, "promotion/production", Noon.AddMinutes(1), Soaking("soaks", Noon.AddMinutes(1)));

        Assert.Single(await LedgerAsync());
    }

    [Fact]
    public async Task Who_stood_still_since_it_looked_says_nothing_over_who_looked_later()
    {
        var token = TestContext.Current.CancellationToken;
        var store = new BlockerStore(_database!);
        var early = await store.LookAsync(token);
        var late = await store.LookAsync(token);

        await store.ReplaceAsync("copies/main", [], late, Noon, token);
        await store.ReplaceAsync("copies/main", [Soaking("soaks", Noon)], early, Noon, token);

        Assert.Empty(await store.ListAsync(token));
        Assert.Empty(await LedgerAsync());
    }

    public async ValueTask InitializeAsync()
    {
        // xunit makes one instance of this class per test, so each test gets a database of its own.
        _database = ControlDatabase.Open(await cluster.ControlDatabaseAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private static async Task ReplaceAsync(
        BlockerStore store,
        string owner,
        DateTimeOffset now,
        params Blocker[] blockers
    )
    {
        var token = TestContext.Current.CancellationToken;
        await store.ReplaceAsync(owner, blockers, await store.LookAsync(token), now, token);
    }

    private static Blocker Soaking(string what, DateTimeOffset since) =>
        new("environment/production", "soaking", what, since, since.AddHours(1), "nobody, it passes", "wait");

    private async Task<IReadOnlyList<string>> LedgerAsync()
    {
        await using var command = _database!.CreateCommand("select reason from ledger order by id");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var reasons = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            reasons.Add(reader.GetString(0));
        }

        return reasons;
    }
}
