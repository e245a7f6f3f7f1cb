using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Storage;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Policy;

/// <summary>What git says of environments, on PostgreSQL.</summary>
public sealed class EnvironmentTermsStoreTests(PostgresCluster cluster)
    : IClassFixture<PostgresCluster>,
        IAsyncLifetime,
        IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private static readonly EnvironmentTerms Staging = new(
        new EnvironmentName("staging"),
        Plans.New,
        [],
        TimeSpan.Zero,
        EnvironmentPolicy.Default,
        "c1",
        "Ann Lee <ann@example.com>",
        Noon
    );

    private static readonly EnvironmentTerms Production = new(
        new EnvironmentName("production"),
        Plans.Old,
        [new EnvironmentName("staging"), new EnvironmentName("pilot")],
        TimeSpan.FromDays(365),
        new EnvironmentPolicy(new PolicyName("careful"))
        {
            Start = StartMode.Manual,
            WhenBusy = BusyMode.Supersede,
            Rollout = new RolloutRules(Canaries: ["shop-oslo"], WaveSizes: [1, 5, 0], BakeSeconds: 1800),
            Gates = new GatePolicy { Validation = GateDemand.Required, Parity = GateDemand.Report },
            Source = new SourcePolicy { SignedBy = ["SHA256:" + new string('a', 43)], OtherMerger = true },
            Drift = DriftMode.Heal,
        },
        "c2",
        "Bo '; drop table environment_terms; --",
        Noon.AddHours(1)
    )
    {
        Places = ImmutableSortedDictionary<string, string>.Empty.Add("gates.parity", "policies/careful.yaml:4"),
    };

    private NpgsqlDataSource? _database;

    private EnvironmentTermsStore Store => new(_database!);

    [Fact]
    public async Task What_was_stored_comes_back_whole()
    {
        await ApplyAsync([Staging, Production], []);

        Assert.Equal(
            [Text(Production), Text(Staging)],
            (await Store.ListAsync(TestContext.Current.CancellationToken)).Select(Text)
        );
        Assert.Equal(
            Text(Production),
            Text(await Store.FindAsync(Production.Environment, TestContext.Current.CancellationToken))
        );
        Assert.Null(await Store.FindAsync(new("pilot"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_that_changes_is_replaced_one_that_is_gone_is_forgotten_and_the_others_stay()
    {
        await ApplyAsync([Staging, Production], []);
        var quiet = Staging with { Release = null, Commit = "c3" };
        await ApplyAsync([quiet], [Production.Environment]);

        Assert.Equal(Text(quiet), Text(Assert.Single(await Store.ListAsync(TestContext.Current.CancellationToken))));
    }

    public async ValueTask InitializeAsync()
    {
        _database = ControlDatabase.Open(await cluster.ControlDatabaseAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private Task ApplyAsync(EnvironmentTerms[] changed, EnvironmentName[] gone) =>
        Store.ApplyAsync(changed, gone, TestContext.Current.CancellationToken);

    // Lists within a record are compared by what is in them.
    private static string Text(EnvironmentTerms? terms) => JsonSerializer.Serialize(terms, StoredJson.Options);
}
