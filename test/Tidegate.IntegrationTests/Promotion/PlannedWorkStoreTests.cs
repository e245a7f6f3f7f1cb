using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Promotion;
using Tidegate.ControlPlane.Storage;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Promotion;

/// <summary>What git asks for, on PostgreSQL.</summary>
public sealed class PlannedWorkStoreTests(PostgresCluster cluster)
    : IClassFixture<PostgresCluster>,
        IAsyncLifetime,
        IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private NpgsqlDataSource? _database;

    [Fact]
    public async Task What_is_asked_for_twice_is_planned_once()
    {
        await AskAsync(Asked("production", Plans.New), Asked("staging", Plans.New));
        await AskAsync(Asked("production", Plans.New));

        Assert.Equal(
            ["production 2026.11.2 waiting", "staging 2026.11.2 waiting"],
            await TextsAsync(
                "select environment || ' ' || release_name || ' ' || state from planned_work order by environment"
            )
        );
        Assert.Contains(
            "planned work: 2026.11.2 in production, asked for by Ann Lee <ann@example.com> in commit c1",
            await LedgerAsync()
        );
    }

    [Fact]
    public async Task Newer_work_takes_the_place_of_what_waits_and_going_back_is_newer_work()
    {
        await AskAsync(Asked("production", Plans.Old));
        await AskAsync(Asked("production", Plans.New), Asked("staging", Plans.New));
        await AskAsync(Asked("production", Plans.Old));

        Assert.Equal(
            ["2026.11.1 superseded", "2026.11.2 superseded", "2026.11.1 waiting"],
            await TextsAsync(
                "select release_name || ' ' || state from planned_work where environment = 'production' order by id"
            )
        );
        Assert.Contains("planned work superseded: 2026.11.2 in production", await LedgerAsync());
    }

    [Fact]
    public async Task What_nobody_asks_for_any_more_is_dropped_and_may_be_asked_for_again()
    {
        await AskAsync(Asked("production", Plans.New));
        await using (var connection = await _database!.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await PlannedWorkStore.DropAsync(
                connection,
                [new EnvironmentName("production")],
                Noon,
                TestContext.Current.CancellationToken
            );
        }

        await AskAsync(Asked("production", Plans.New));

        Assert.Equal(["dropped", "waiting"], await TextsAsync("select state from planned_work order by id"));
    }

    [Fact]
    public async Task Many_that_ask_at_once_leave_one_that_waits()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(number => AskAsync(Asked("production", number % 2 == 0 ? Plans.New : Plans.Old)))
        );

        Assert.Single(await TextsAsync("select environment from planned_work where state = 'waiting'"));
    }

    [Fact]
    public async Task Hostile_names_are_text_and_nothing_else()
    {
        var hostile = new AskedRelease(
            new EnvironmentName("p'); drop table planned_work; --"),
            new ReleaseRef("'; --", Plans.New.Digest),
            "c1",
            "Å \"'; \n"
        );
        await AskAsync(hostile);

        Assert.Equal([hostile.Environment.Value], await TextsAsync("select environment from planned_work"));
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

    private static AskedRelease Asked(string environment, ReleaseRef release) =>
        new(new EnvironmentName(environment), release, "c1", "Ann Lee <ann@example.com>");

    private Task AskAsync(params AskedRelease[] asked) =>
        new PlannedWorkStore(_database!).AskAsync(asked, Noon, TestContext.Current.CancellationToken);

    private Task<IReadOnlyList<string>> LedgerAsync() => TextsAsync("select reason from ledger order by id");

    private async Task<IReadOnlyList<string>> TextsAsync(string sql)
    {
        await using var command = _database!.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var texts = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }
}
