using CsCheck;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Promotion;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Promotion;

/// <summary>How releases stand in environments, as the control database tells it.</summary>
public sealed class PromotionFactsStoreTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly DateTimeOffset Noon = History.Noon;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_is_verified_when_its_last_tenant_has_arrived()
    {
        await using var history = await StagingAsync("a", "b");
        await history.RolledOutAsync("staging", 2, Noon, "halted", ("a", "completed"), ("b", "put_off"));
        Assert.Null((await StandsAsync(history, 2)).VerifiedSince);

        await history.RolledOutAsync("staging", 2, Noon.AddHours(1), "completed", ("b", "completed"));

        Assert.Equal(Noon.AddHours(1), (await StandsAsync(history, 2)).VerifiedSince);
    }

    [Fact]
    public async Task A_tenant_elsewhere_is_named_with_what_it_runs()
    {
        await using var history = await StagingAsync("a", "b", "c");
        await history.RolledOutAsync("staging", 2, Noon, "halted", ("a", "completed"), ("b", "rolled_back"));

        var stands = await StandsAsync(history, 2);

        Assert.Equal((3, 2), (stands.Tenants, stands.Elsewhere));
        Assert.Equal(new TenantOnRelease(new TenantName("b"), "2026.11.1"), stands.ElsewhereExample);
    }

    [Fact]
    public async Task A_way_back_from_another_release_begins_the_stay_anew_and_one_that_was_put_off_does_not()
    {
        await using var history = await StagingAsync("a", "b");
        await history.RolledOutAsync("staging", 2, Noon, "completed", ("a", "completed"), ("b", "completed"));
        await history.RolledOutAsync(
            "staging",
            3,
            Noon.AddHours(1),
            "rolled_back",
            ("a", "put_off"),
            ("b", "untouched")
        );
        Assert.Equal(Noon, (await StandsAsync(history, 2)).VerifiedSince);

        await history.RolledOutAsync(
            "staging",
            3,
            Noon.AddHours(2),
            "rolled_back",
            ("a", "rolled_back"),
            ("b", "untouched")
        );

        Assert.Equal(Noon.AddHours(2), (await StandsAsync(history, 2)).VerifiedSince);
    }

    [Fact]
    public async Task Another_release_in_between_begins_the_stay_anew()
    {
        await using var history = await StagingAsync("a");
        await history.RolledOutAsync("staging", 2, Noon, "completed", ("a", "completed"));
        await history.RolledOutAsync("staging", 3, Noon.AddHours(1), "completed", ("a", "completed"));
        Assert.Null((await StandsAsync(history, 2)).VerifiedSince);

        await history.RolledOutAsync("staging", 2, Noon.AddHours(2), "completed", ("a", "completed"));

        Assert.Equal(Noon.AddHours(2), (await StandsAsync(history, 2)).VerifiedSince);
    }

    [Fact]
    public async Task A_tenant_that_took_it_with_an_exception_verifies_nothing()
    {
        await using var history = await StagingAsync("a", "b");
        var rollout = await history.RolledOutAsync(
            "staging",
            2,
            Noon,
            "completed_with_exceptions",
            ("a", "completed"),
            ("b", "completed_with_exception")
        );

        var stands = await StandsAsync(history, 2);

        Assert.Null(stands.VerifiedSince);
        Assert.Equal((new TenantName("b"), new RolloutId(rollout)), stands.UnhealthyExample);
    }

    [Fact]
    public async Task While_a_rollout_works_on_a_tenant_nothing_is_verified()
    {
        await using var history = await StagingAsync("a", "b");
        await history.RolledOutAsync("staging", 2, Noon, "completed", ("a", "completed"), ("b", "completed"));
        var rollout = await history.RunsAsync("staging", 3, Noon.AddHours(1), "a");

        var stands = await StandsAsync(history, 2);

        Assert.Equal(new RolloutId(rollout), stands.ChangedBy);
        Assert.Null(stands.VerifiedSince);
    }

    [Fact]
    public async Task Tenants_that_joined_on_a_release_prove_nothing_and_take_no_proof_away()
    {
        await using var history = await StagingAsync("a");
        Assert.Equal(
            (0, null),
            (await StandsAsync(history, 1) is { } none ? (none.Proven, none.VerifiedSince) : default)
        );

        await history.RolledOutAsync("staging", 2, Noon, "completed", ("a", "completed"));
        await history.AddAsync("staging", 2, "newcomer");

        Assert.Equal(Noon, (await StandsAsync(history, 2)).VerifiedSince);
    }

    [Fact]
    public async Task What_happened_to_a_tenant_in_another_environment_is_no_proof_of_this_one()
    {
        await using var history = await StagingAsync("a");
        await history.RolledOutAsync("pilot", 2, Noon, "completed", ("a", "completed"));

        Assert.Equal(0, (await StandsAsync(history, 2)).Proven);
    }

    [Fact]
    public async Task A_database_that_could_not_be_read_leaves_it_open_whether_upstream_is_healthy()
    {
        await using var history = await StagingAsync("a");
        await history.RolledOutAsync("staging", 2, Noon, "completed", ("a", "completed"));
        const string seen = """
            insert into tenant_observation (tenant, observed_at, database, release, unreadable)
            values ('a', $1, 'a', $2, 'it is gone')
            """;
        await history.ExecuteAsync(seen, Noon, History.Digest(1).Value);
        Assert.Equal(Noon, (await StandsAsync(history, 2)).VerifiedSince); // seen before it took the release

        await history.ExecuteAsync("delete from tenant_observation");
        await history.ExecuteAsync(seen, Noon, History.Digest(2).Value);

        Assert.Equal(new TenantName("a"), (await StandsAsync(history, 2)).Unreadable);
    }

    [Fact]
    public async Task A_healing_is_no_arrival_no_way_back_and_in_nobodys_way()
    {
        await using var history = await StagingAsync("a", "b");
        await history.RolledOutAsync("staging", 2, Noon, "completed", ("a", "completed"), ("b", "completed"));
        var back = await history.RolledOutAsync("staging", 2, Noon.AddHours(1), "rolled_back", ("a", "rolled_back"));
        var done = await history.RolledOutAsync("staging", 2, Noon.AddHours(2), "completed", ("b", "completed"));
        var runs = await history.RunsAsync("staging", 2, Noon.AddHours(3), "a");
        await history.ExecuteAsync("update rollout set kind = 'healing' where id in ($1, $2, $3)", back, done, runs);

        var facts = await ReadAsync(history, History.Question("staging", 2));

        Assert.Equal(Noon, (await StandsAsync(history, 2)).VerifiedSince);
        Assert.Empty(facts.Holds);
        Assert.Empty(facts.Running);
    }

    [Fact]
    public async Task An_environment_without_tenants_has_verified_nothing()
    {
        await using var history = await History.CreateAsync(cluster);

        Assert.Equal(
            (0, null),
            (await StandsAsync(history, 2) is { } none ? (none.Tenants, none.VerifiedSince) : default)
        );
    }

    [Fact]
    public async Task Who_runs_something_newer_or_the_release_itself_is_counted()
    {
        await using var history = await History.CreateAsync(cluster);
        await history.AddAsync("production", 1, "p1", "p2");
        await history.AddAsync("production", 2, "p3");
        await history.AddAsync("production", 3, "p4");

        var here = (await ReadAsync(history, History.Question("production", 2))).Here[0];

        Assert.Equal((4, 1, 1), (here.Tenants, here.OnRelease, here.Ahead));
        Assert.Equal(new TenantOnRelease(new TenantName("p4"), "2026.11.3"), here.AheadExample);
        Assert.Equal("2026.11.1", here.Runs);
    }

    [Fact]
    public async Task What_went_back_is_held_before_anybody_has_written_that_down()
    {
        await using var history = await History.CreateAsync(cluster);
        await history.AddAsync("production", 1, "p1");
        var rollout = await history.RolledOutAsync("production", 2, Noon, "rolled_back", ("p1", "rolled_back"));
        var question = History.Question("production", 2);

        var before = (await ReadAsync(history, question)).Holds;
        await new PlannedWorkStore(history.Database).SettleAsync(Noon.AddMinutes(1), Token);
        var after = (await ReadAsync(history, question)).Holds;

        var hold = Assert.Single(before).Value;
        Assert.Equal((rollout, "t1: the prices differ", Noon), (hold.Rollout.Value, hold.Reason, hold.Since));
        Assert.Equal(before, after);
        Assert.Empty((await ReadAsync(history, History.Question("staging", 2))).Holds);
        Assert.Empty((await ReadAsync(history, History.Question("production", 3))).Holds);
    }

    /// <summary>What may happen in staging, hour by hour: nothing; release 2 or 3 arrives at all or at one; one goes back from 2 or 3.</summary>
    private static readonly Gen<(int Release, string Ending, bool All)[]> Events = Gen.Select(
        Gen.Int[2, 3],
        Gen.Int[0, 4]
            .Select(kind =>
                kind switch
                {
                    0 or 1 => "completed",
                    2 => "rolled_back",
                    3 => "put_off",
                    _ => "completed_with_exception",
                }
            ),
        Gen.Bool
    ).Array[1, 8];

    [Fact]
    public async Task A_stay_is_without_a_break_whatever_happens()
    {
        await using var history = await StagingAsync();
        await Events.SampleAsync(
            async events =>
            {
                await history.ForgetAsync();
                await history.AddAsync("staging", 1, "a", "b");
                var model = new[] { new Stay(1, null, false), new Stay(1, null, false) };
                var hour = 0;
                foreach (var (release, ending, all) in events)
                {
                    hour++;
                    var touched = new[] { "a", "b" }
                        .Select((tenant, place) => (tenant, place))
                        .Where(each => (all || each.place == hour % 2) && model[each.place].Release != release)
                        .ToList();
                    if (touched.Count == 0)
                    {
                        continue;
                    }

                    await history.RolledOutAsync(
                        "staging",
                        release,
                        Noon.AddHours(hour),
                        ending is "completed" ? "completed" : "halted",
                        [.. touched.Select(each => (each.tenant, ending))]
                    );
                    foreach (var (_, place) in touched)
                    {
                        model[place] = model[place].After(release, ending, Noon.AddHours(hour));
                    }
                }

                foreach (var release in new[] { 2, 3 })
                {
                    var expected = model.All(tenant => tenant.Release == release && tenant.IsProven)
                        ? model.Max(tenant => tenant.Since)
                        : null;
                    Assert.Equal(expected, (await StandsAsync(history, release)).VerifiedSince);
                }
            },
            iter: 100,
            threads: 1
        );
    }

    [Fact]
    public async Task A_thousand_environments_cost_as_many_queries_as_one()
    {
        var queries = new QueryCounter();
        await using var history = await History.CreateAsync(
            cluster,
            builder => builder.UseLoggerFactory(LoggerFactory.Create(logging => logging.AddProvider(queries)))
        );
        await history.ExecuteAsync(
            """
            insert into pool (name, site, environment, hosting, workers)
            select 'e' || n, 'local', 'e' || n, 'shared', 2 from generate_series(1, 1001) n
            """
        );
        await history.ExecuteAsync(
            """
            insert into tenant (name, pool, database, hosts, time_zone, profile, release)
            select 't' || n || '-' || m, 'e' || n, 'd' || n || '_' || m, array['x'], 'Europe/Oslo', '{}', $1
              from generate_series(1, 1001) n, generate_series(1, 5) m
            """,
            History.Digest(2).Value
        );
        await history.ExecuteAsync(
            """
            insert into rollout (id, environment, release_name, release_digest, plan_hash, policy, excluded, state, outcome,
                                 started_by, created_at, ended_at, due_at)
            select 'x-' || n || '-' || k, 'e' || n, '2026.11.2', $1, 'x', '{}', '[]', 'ended',
                   case when k = 10 then 'completed' else 'rolled_back' end, 'os/0', $2, $2 + k * interval '1 h', $2
              from generate_series(1, 1001) n, generate_series(1, 10) k
            """,
            History.Digest(2).Value,
            Noon
        );
        await history.ExecuteAsync(
            """
            insert into upgrade (id, rollout, tenant, site, wave, ordinal, target, steps, back, mode, predicted_hold,
                                 checkpoint_bytes, due_at, state, ending, ended_at)
            select r.id || '/' || m, r.id, replace(r.environment, 'e', 't') || '-' || m, 'local', 1, m, '{}', '[]', '[]', 'held',
                   interval '1 s', 1, r.ended_at, 'ended',
                   case r.outcome when 'completed' then 'completed' else 'rolled_back' end, r.ended_at
              from rollout r, generate_series(1, 5) m
            """
        );
        await history.ExecuteAsync("analyze");
        var store = new PromotionFactsStore(history.Database);
        var questions = Enumerable.Range(1, 1000).Select(number => History.Question($"e{number}", 2)).ToList();

        var alone = await CountAsync([questions[0]]);
        var all = await CountAsync(questions);

        Assert.InRange(alone.Queries, 5, 7);
        Assert.Equal(alone.Queries, all.Queries);
        Assert.Equal(1000, all.Facts.Here.Length);
        Assert.All(all.Facts.Upstream.Values, stands => Assert.Equal(Noon.AddHours(10), stands.VerifiedSince));
        Assert.Empty(all.Facts.Holds); // what went back went through later

        async Task<(int Queries, StoredFacts Facts)> CountAsync(List<PromotionQuestion> asked)
        {
            var (before, began) = (queries.Count, TimeProvider.System.GetTimestamp());
            var facts = await store.ReadAsync(
                asked,
                [
                    .. asked.Select(question =>
                        (System.Collections.Immutable.ImmutableArray<EnvironmentName>)[Next(question)]
                    ),
                ],
                Token
            );
            TestContext.Current.SendDiagnosticMessage(
                "{0} environments were read in {1} ms",
                asked.Count,
                TimeProvider.System.GetElapsedTime(began).TotalMilliseconds
            );
            return (queries.Count - before, facts);
        }

        static EnvironmentName Next(PromotionQuestion question) =>
            new(
                $"e{int.Parse(question.Environment.Value[1..], System.Globalization.CultureInfo.InvariantCulture) + 1}"
            );
    }

    private async Task<History> StagingAsync(params string[] tenants)
    {
        var history = await History.CreateAsync(cluster);
        await history.AddAsync("staging", 1, tenants);
        return history;
    }

    /// <summary>How a release stands in staging, before production.</summary>
    private static async Task<UpstreamState> StandsAsync(History history, int release) =>
        Assert.Single((await ReadAsync(history, History.Question("production", release), "staging")).Upstream).Value;

    private static Task<StoredFacts> ReadAsync(History history, PromotionQuestion question, params string[] upstream) =>
        new PromotionFactsStore(history.Database).ReadAsync(
            [question],
            [
                [.. upstream.Select(name => new EnvironmentName(name))],
            ],
            Token
        );

    /// <summary>What a stay is, told in another way: a tenant on a release, since when, and whether a rollout brought it there well.</summary>
    private sealed record Stay(int Release, DateTimeOffset? Since, bool IsProven)
    {
        public Stay After(int release, string ending, DateTimeOffset at) =>
            ending switch
            {
                "completed" => new(release, at, true),
                "completed_with_exception" => new(release, at, false),
                "rolled_back" => this with { Since = at },
                _ => this,
            };
    }

    private sealed class QueryCounter : ILoggerProvider, ILogger
    {
        private int count;

        public int Count => count;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (formatter(state, exception).StartsWith("Command execution completed", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref count);
            }
        }

        public void Dispose() { }
    }
}
