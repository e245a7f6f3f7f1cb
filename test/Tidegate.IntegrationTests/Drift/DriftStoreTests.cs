using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Drift;

/// <summary>What differs, kept in PostgreSQL.</summary>
public sealed class DriftStoreTests(PostgresCluster cluster)
    : IClassFixture<PostgresCluster>,
        IAsyncLifetime,
        IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly SiteName Local = new("local");
    private static readonly EnvironmentName Production = new("production");
    private NpgsqlDataSource? _database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DriftStore Store => new(_database!);

    [Fact]
    public async Task A_difference_keeps_the_time_since_when_it_is_there_and_is_forgotten_when_it_is_gone()
    {
        await SaveAsync(Noon, [Of("t1", DriftCode.RightExtra, "CONNECT of intern")]);
        await SaveAsync(
            Noon.AddMinutes(5),
            [Of("t1", DriftCode.RightExtra, "CONNECT of intern"), Of("t1", DriftCode.RightExtra, "CONNECT of PUBLIC")]
        );

        var kept = await Store.ReadAsync(new(), Token);
        Assert.Equal(
            [
                ("CONNECT of intern", Noon, Noon.AddMinutes(5)),
                ("CONNECT of PUBLIC", Noon.AddMinutes(5), Noon.AddMinutes(5)),
            ],
            kept.Select(stored => (stored.Difference.Item, stored.FirstSeen, stored.LastSeen))
        );
        Assert.Equal(Of("t1", DriftCode.RightExtra, "CONNECT of intern"), kept[0].Difference);

        await SaveAsync(Noon.AddMinutes(10), []);
        Assert.Empty(await Store.ReadAsync(new(), Token));
    }

    [Fact]
    public async Task What_was_not_judged_stays_as_it_was_last_seen()
    {
        await SaveAsync(
            Noon,
            [
                Of("t1", DriftCode.RightExtra),
                Of("t1", DriftCode.RouteHosts),
                Of("t2", DriftCode.RightExtra),
                Of("t2", DriftCode.RouteHosts),
            ]
        );

        await SaveAsync(
            Noon.AddMinutes(5),
            [],
            new(null, DriftAspect.Route, "the gateway is down"),
            new(DriftSubject.Of(new TenantName("t2")), DriftAspect.Rights, "a rollout works on it")
        );

        Assert.Equal(
            ["tenant/t1 route-hosts", "tenant/t2 right-extra", "tenant/t2 route-hosts"],
            (await Store.ReadAsync(new(), Token))
                .Select(stored => $"{stored.Difference.Subject} {stored.Difference.Code}")
                .Order(StringComparer.Ordinal)
        );
        var check = Assert.Single(await Store.ChecksAsync(Token));
        Assert.Equal(Noon.AddMinutes(5), check.CheckedAt);
        Assert.Equal(["site/local", "tenant/t2"], check.Unknown.Select(unknown => unknown.Subject));
    }

    [Fact]
    public async Task Sites_keep_to_their_own_and_filters_to_what_they_say()
    {
        await SaveAsync(Noon, [Of("t1", DriftCode.RightExtra)]);
        await Store.SaveAsync(
            new("oslo"),
            new([Of("t9", DriftCode.RightExtra) with { Environment = new("staging") }], [], 1, []),
            TimeSpan.Zero,
            Noon,
            Token
        );
        await SaveAsync(Noon, []);

        Assert.Equal("t9", Assert.Single(await Store.ReadAsync(new(), Token)).Difference.Subject.Name);
        Assert.Empty(await Store.ReadAsync(new(Production), Token));
        Assert.Single(await Store.ReadAsync(new(Subject: DriftSubject.Of(new TenantName("t9"))), Token));
        Assert.Equal(2, (await Store.ChecksAsync(Token)).Count);
    }

    [Fact]
    public async Task Ten_thousand_differences_are_kept_at_once()
    {
        var many = Enumerable
            .Range(1, 10_000)
            .Select(number => Of($"t{number}", DriftCode.RightExtra))
            .ToImmutableArray();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await SaveAsync(Noon, many);
        TestContext.Current.TestOutputHelper?.WriteLine($"first {clock.Elapsed}");
        clock.Restart();
        await SaveAsync(Noon.AddMinutes(5), many);
        TestContext.Current.TestOutputHelper?.WriteLine($"again {clock.Elapsed}");

        Assert.Equal(10_000, (await Store.ReadAsync(new(Site: Local), Token)).Count);
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

    private Task SaveAsync(
        DateTimeOffset now,
        ImmutableArray<Difference> differences,
        params ImmutableArray<Unjudged> unjudged
    ) => Store.SaveAsync(Local, new(differences, unjudged, 2, []), TimeSpan.FromSeconds(1), now, Token);

    private static Difference Of(string tenant, DriftCode code, string item = "item") =>
        new(DriftSubject.Of(new TenantName(tenant)), Production, code, item, "not granted", "granted");
}
