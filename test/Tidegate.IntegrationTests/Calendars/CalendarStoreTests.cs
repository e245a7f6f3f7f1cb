using Npgsql;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Storage;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Calendars;

/// <summary>The calendars of git, on PostgreSQL.</summary>
public sealed class CalendarStoreTests(PostgresCluster cluster)
    : IClassFixture<PostgresCluster>,
        IAsyncLifetime,
        IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    private static readonly TradingCalendar Retail = new(
        new CalendarName("retail"),
        [
            new("nights")
            {
                Effect = RuleEffect.Window,
                Scope = new() { Environments = ["production"], Tags = "spain and (vip or flagship)" },
                When = new() { Days = "mon-fri", Hours = "22:00-06:00" },
                Gates = [StartKind.Manual],
                MostStarts = 4,
                Line = 3,
            },
            new("black-friday")
            {
                Preset = "black-friday-week",
                Scope = new() { Tenants = ["*"] },
                LetsFinish = false,
            },
        ]
    )
    {
        TimeZone = "Europe/Madrid",
    };

    private NpgsqlDataSource? _database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private CalendarStore Store => new(_database!);

    [Fact]
    public async Task Without_a_repository_nothing_is_closed() =>
        Assert.True((await Store.InForceAsync(Token)).IsEmpty);

    [Fact]
    public async Task What_was_taken_makes_the_same_rules_when_it_is_read()
    {
        var store = Store;
        await store.ReplaceAsync([Retail], Now, Token);

        foreach (var reader in new[] { store, Store })
        {
            var set = await reader.InForceAsync(Token);

            Assert.Equal(CalendarSet.Of([Retail]).Id, set.Id);
            Assert.Equal(StoredJson.Write(Retail), StoredJson.Write(set.Calendars[0]));
            Assert.Equal(["calendars/retail.yaml:3", "calendars/retail.yaml:1"], set.Rules.Select(rule => rule.Origin));
        }
    }

    [Fact]
    public async Task A_set_that_was_in_force_stays_so_that_decisions_can_be_made_again()
    {
        var store = Store;
        await store.ReplaceAsync([Retail], Now, Token);
        var before = await store.InForceAsync(Token);
        await store.ReplaceAsync([Retail with { TimeZone = null }], Now, Token);
        var after = await store.InForceAsync(Token);
        await store.ReplaceAsync([Retail], Now, Token);
        await store.ReplaceAsync([], Now, Token);

        Assert.True((await store.InForceAsync(Token)).IsEmpty);
        Assert.NotEqual(before.Id, after.Id);
        Assert.NotNull(await store.FindAsync(before.Id, Token));
        Assert.NotNull(await store.FindAsync(after.Id, Token));
        Assert.Null(await store.FindAsync("sha256:none", Token));
    }

    public async ValueTask InitializeAsync() => _database = ControlDatabase.Open(await cluster.ControlDatabaseAsync());

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
