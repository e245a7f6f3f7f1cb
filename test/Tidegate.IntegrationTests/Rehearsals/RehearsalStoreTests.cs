using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Rehearsals;

/// <summary>Records of rehearsals, and forecasts made of them and of real cutovers, over real PostgreSQL.</summary>
public sealed class RehearsalStoreTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 6, 0, 0, TimeSpan.Zero);
    private static readonly ReleaseRef Old = Release("2026.11.1", 'a');
    private static readonly ReleaseRef New = Release("2026.11.2", 'b');

    private static readonly ImmutableSortedDictionary<string, string> Installed = ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal,
        [KeyValuePair.Create("sale", "19.0.1.2")]
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_is_kept_once_and_read_as_it_was()
    {
        await using var database = NpgsqlDataSource.Create(await cluster.ControlDatabaseAsync());
        var store = new RehearsalStore(database);
        var record = Record("j-1", "shop", copy: 2, migrate: 6);

        await store.SaveAsync(record, Token);
        await store.SaveAsync(record, Token);

        var read = await store.FindAsync(record.Id, Token);
        Assert.Equal(record.Steps, read!.Steps);
        Assert.Equal(record.Class!.Class, read.Class!.Class);
        var brief = Assert.Single(await store.ListAsync("shop", Visible.Everything, 10, Token));
        Assert.Equal((record.Id, ReleaseClass.C, true), (brief.Id, brief.Class!.Value, brief.HasPassed));
        Assert.Empty(await store.ListAsync("another", Visible.Everything, 10, Token));
        Assert.Null(await store.FindAsync(new JobId("j-9"), Token));
        await using var ledger = database.CreateCommand("select count(*) from ledger where step = 'rehearsal'");
        Assert.Equal(1L, await ledger.ExecuteScalarAsync(Token));
    }

    [Theory]
    [InlineData(null, "C")]
    [InlineData("B", "C")]
    [InlineData("D", "D")]
    public async Task Calendars_go_by_the_stronger_of_what_was_proposed_and_proven(string? proposed, string expected)
    {
        await using var database = NpgsqlDataSource.Create(await cluster.ControlDatabaseAsync());
        var releases = new ReleaseStore(database);
        await releases.AddAsync(new(New, ReleaseNotes.None, ReleaseRisk.Normal, Now, "tester"), [], Token);
        Assert.Null((await releases.FindAsync(New.Name, Token))!.Class);
        if (proposed is not null)
        {
            await using var judged = database.CreateCommand(
                """
                insert into release_validation (id, release, state, requested_at, requested_by, ended_at, class,
                                                errors, warnings, infos, report)
                values ('v-1', $1, 'ended', $2, 'tester', $2, $3, 0, 0, 0, repeat('0', 64))
                """
            );
            Bind(judged, New.Name, Now, proposed);
            await judged.ExecuteNonQueryAsync(Token);
        }

        await new RehearsalStore(database).SaveAsync(Record("j-1", "shop", copy: 2, migrate: 6), Token);

        Assert.Equal(expected, (await releases.FindAsync(New.Name, Token))!.Class);
    }

    [Fact]
    public async Task A_forecast_is_there_while_the_rehearsal_holds()
    {
        await using var database = NpgsqlDataSource.Create(await cluster.ControlDatabaseAsync());
        var store = new RehearsalStore(database);
        await store.SaveAsync(Record("j-1", "shop", copy: 2, migrate: 6), Token);
        var forecasts = new RehearsedForecasts(store, new At(Now));

        var known = await forecasts.ReadAsync(New, [Question(Installed), Question(Installed, "stranger")], Token);

        var forecast = Assert.Single(known).Value;
        Assert.InRange(forecast.Hold.TotalSeconds, 8, 13);
        Assert.True(forecast.Low < forecast.Hold && forecast.Hold < forecast.High);
        Assert.Empty(await forecasts.ReadAsync(New, [Question(Installed.SetItem("sale", "19.0.1.3"))], Token));
        Assert.Empty(await forecasts.ReadAsync(Old, [Question(Installed)], Token));
        Assert.Empty(
            await new RehearsedForecasts(store, new At(Now.AddDays(8))).ReadAsync(New, [Question(Installed)], Token)
        );
    }

    [Fact]
    public async Task Real_cutovers_of_the_site_are_learnt_from()
    {
        await using var database = NpgsqlDataSource.Create(await cluster.ControlDatabaseAsync());
        var store = new RehearsalStore(database);
        for (var number = 1; number <= 4; number++)
        {
            await store.SaveAsync(Record($"j-{number}", $"shop{number}", copy: 2, migrate: 6), Token);
            await CutOverAsync(database, $"shop{number}", factor: 1.5);
        }

        var past = await store.PastAsync(new SiteName("here"), Token);

        Assert.Equal(4, past.Count);
        Assert.All(
            past,
            cutover =>
            {
                Assert.Equal(9, cutover.Real.Find("migrate")!.Value, 3);
                Assert.Equal(6, cutover.Rehearsed!.Find("migrate")!.Value, 3);
                Assert.Equal(14, cutover.HoldSeconds, 3); // a second each for hold and open
            }
        );
        Assert.Empty(await store.PastAsync(new SiteName("elsewhere"), Token));
        await store.SaveAsync(Record("j-9", "shop", copy: 2, migrate: 6), Token);
        var forecast = Assert
            .Single(await new RehearsedForecasts(store, new At(Now)).ReadAsync(New, [Question(Installed)], Token))
            .Value;
        Assert.Contains("4 rehearsed cutovers", forecast.Basis, StringComparison.Ordinal);
        Assert.InRange(forecast.Hold.TotalSeconds, 14, 18);
    }

    private static ForecastQuestion Question(
        ImmutableSortedDictionary<string, string> installed,
        string tenant = "shop"
    ) => new(new TenantName(tenant), Old.Digest, installed);

    private static async Task CutOverAsync(NpgsqlDataSource database, string tenant, double factor)
    {
        await using var command = database.CreateCommand(
            """
            insert into rollout (id, environment, release_name, release_digest, plan_hash, policy, excluded, state, outcome,
                                 started_by, created_at, ended_at, due_at)
            values ('r-' || $1, 'production', $2, $3, 'x', '{}', '[]', 'ended', 'completed', 'tester', $4, $4, $4);
            """
        );
        Bind(command, tenant, New.Name, New.Digest.Value, Now);
        await command.ExecuteNonQueryAsync(Token);
        await using var upgrade = database.CreateCommand(
            """
            insert into upgrade (id, rollout, tenant, site, wave, ordinal, target, steps, back, mode, predicted_hold,
                                 checkpoint_bytes, state, due_at, ending, started_at, ended_at)
            values ('u-' || $1, 'r-' || $1, $1, 'here', 1, 1, jsonb_build_object('to', jsonb_build_object('digest', $2::text)),
                    '[]', '[]', 'held', '1s', 1000, 'ended', $3, 'completed', $3, $3)
            """
        );
        Bind(upgrade, tenant, New.Digest.Value, Now);
        await upgrade.ExecuteNonQueryAsync(Token);
        var at = Now;
        foreach (
            var (step, seconds) in new[] { ("hold", 1), ("copy", 2 * factor), ("migrate", 6 * factor), ("open", 1) }
        )
        {
            await using var run = database.CreateCommand(
                "insert into step_run (upgrade, step, epoch, started_at, ended_at, outcome) values ('u-' || $1, $2, 1, $3, $4, 'done')"
            );
            Bind(run, tenant, step, at, at.AddSeconds(seconds));
            await run.ExecuteNonQueryAsync(Token);
            at = at.AddSeconds(seconds);
        }
    }

    private static void Bind(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
    }

    private static RehearsalRecord Record(string id, string tenant, double copy, double migrate) =>
        new(
            new JobId(id),
            new TenantName(tenant),
            new SiteName("here"),
            Old,
            New,
            ["sale"],
            RehearsalValidity.Fingerprint(
                Installed.Select(module => KeyValuePair.Create(module.Key, (string?)module.Value))
            ),
            new RehearsalSource("20261125-220000F", "0/5000028", Now.AddHours(-6), true),
            Now.AddHours(-1),
            Now.AddMinutes(-50),
            true,
            "everything came out well.",
            [new("copy", copy, "by files")],
            null,
            new(ReleaseClass.C, ["column x is new"]),
            new(true, "5 journeys as on the old release", true, ProvenWayBack.StrategiesOf(ReleaseClass.C)),
            new(
                ImmutableSortedDictionary.CreateRange(
                    StringComparer.Ordinal,
                    [KeyValuePair.Create("copy", copy), KeyValuePair.Create("migrate", migrate)]
                ),
                1000
            ),
            "no network"
        );

    private static ReleaseRef Release(string name, char digit) =>
        new(name, ReleaseDigest.Create($"sha256:{new string(digit, 64)}"));

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
