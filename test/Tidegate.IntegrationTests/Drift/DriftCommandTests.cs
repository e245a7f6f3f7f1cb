using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Drift;

/// <summary>What the command line says and does of drift; only the site is scripted.</summary>
public sealed class DriftCommandTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly PoolName Pool = new("shared");

    private static readonly ImmutableSortedDictionary<string, string> AsReleased = ImmutableSortedDictionary<
        string,
        string
    >.Empty.Add("base", "19.0.1.3");

    private static readonly ReleaseDigest Digest = ReleaseDigest.Create($"sha256:{new string('1', 64)}");

    [Fact]
    public async Task A_site_without_drift_reads_as_it_always_did()
    {
        await using var plane = await StartAsync();
        await MatchesAsync(plane, "drift-none-yet.txt", "drift", "show");
        await MatchesAsync(plane, "drift-unknown.txt", "drift", "check", "--wait");
        await MatchesAsync(plane, "drift-unknown-show.txt", "drift", "show");

        plane.Script.Live = Live();
        await MatchesAsync(plane, "drift-check-none.txt", "drift", "check", "--wait");
        await MatchesAsync(plane, "drift-show-none.txt", "drift", "show");
        await MatchesAsync(plane, "drift-heal-none.txt", "drift", "heal", "t1");
        await MatchesAsync(plane, "drift-check-asked.txt", "drift", "check");
    }

    [Fact]
    public async Task Drift_reads_as_it_always_did()
    {
        await using var plane = await StartAsync();
        plane.Script.Live = Messed(Live());
        plane.Script.Installed = AsReleased.SetItem("base", "19.0.1.9");

        await MatchesAsync(plane, "drift-check.txt", "drift", "check", "--wait");
        await MatchesAsync(plane, "drift-check.json", "drift", "check", "--wait", "--json");
        await MatchesAsync(plane, "drift-show.txt", "drift", "show");
        await MatchesAsync(plane, "drift-show.json", "drift", "show", "--tenant", "t2", "--json");
        await MatchesAsync(plane, "drift-blockers.txt", "blockers");
        await MatchesAsync(plane, "drift-heal.txt", "drift", "heal", "t2", "--reason", "a test was left behind");
        await MatchesAsync(plane, "drift-heal-modules.txt", "drift", "heal", "t3");
        await MatchesAsync(plane, "drift-no-tenant.txt", "drift", "show", "--tenant", "t9");
        await MatchesAsync(plane, "drift-no-environment.txt", "drift", "check", "-e", "staging");
        await MatchesAsync(plane, "drift-heal-what.txt", "drift", "heal");
    }

    [Fact]
    public async Task A_healing_is_followed_as_a_rollout_is_and_what_is_gone_is_forgotten()
    {
        await using var plane = await StartAsync();
        plane.Script.Live = Messed(Live());
        await plane.RunAsync("drift", "check", "--wait");

        var healing = await HealAsync(plane, "t2");
        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "watch", healing)).Exit);

        Assert.Equal(
            ["t2 restore-rights", "t2 restore-route"],
            await plane.QueryAsync(
                "select tenant || ' ' || step from ledger where kind = 'outcome' and rollout = $1 order by id",
                healing
            )
        );
        Assert.Equal([$"healing"], await plane.QueryAsync("select kind from rollout where id = $1", healing));
        Assert.DoesNotContain(healing, (await plane.RunAsync("rollout", "list")).Output, StringComparison.Ordinal);

        plane.Script.Live = Live();
        await plane.RunAsync("drift", "check", "--wait");
        var shown = await plane.RunAsync("drift", "show", "--tenant", "t2");
        Assert.Equal((ExitCodes.Done, ""), (shown.Exit, shown.Output));
        Assert.DoesNotContain("drift/", (await plane.RunAsync("blockers")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Tidegate_last_did_there_is_told()
    {
        await using var plane = await StartAsync();
        plane.Script.Live = Messed(Live());
        await plane.RunAsync("drift", "check", "--wait");
        var healing = await HealAsync(plane, "t2");
        await plane.RunAsync("rollout", "watch", healing);
        await plane.RunAsync("drift", "check", "--wait");

        var shown = await plane.RunAsync("drift", "show", "--tenant", "t2");

        Assert.Contains($"changed by hand; first seen ", shown.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"last: healing {healing} put it right on 2026.11.1 at ",
            shown.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_rollout_waits_for_the_healing_of_its_tenant_and_a_healing_leaves_the_rollouts_tenant_alone()
    {
        await using var plane = await StartAsync();
        plane.Script.Live = Messed(Live());
        await plane.RunAsync("drift", "check", "--wait");
        var restoring = plane.Script.PauseAt("t2", "restore-rights");
        await HealAsync(plane, "t2");
        await restoring.Reached;

        var starting = plane.StartRolloutAsync();
        Assert.Equal(["0"], await plane.QueryAsync("select count(*)::text from rollout where kind = 'release'"));
        restoring.Release();
        var rollout = await starting;

        var refused = await plane.RunAsync("drift", "heal", "t2");
        Assert.Equal(ExitCodes.Blocked, refused.Exit);
        Assert.Contains("a rollout works on t2", refused.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "watch", rollout)).Exit);
    }

    [Fact]
    public async Task A_policy_that_heals_does_so_by_itself_once_and_one_that_reports_never()
    {
        await using var plane = await StartAsync();
        plane.Script.Live = Messed(Live());
        await plane.RunAsync("drift", "check", "--wait");
        var healing = plane.Services.GetRequiredService<HealingDesk>();
        Assert.Empty((await healing.StartByPolicyAsync(new("local"), "engine/local", Token)).Healings);

        await GovernAsync(plane, DriftMode.Heal);
        var started = Assert.Single((await healing.StartByPolicyAsync(new("local"), "engine/local", Token)).Healings);

        Assert.Equal(
            ["t1: restart-generation", "t2: restore-rights, restore-route"],
            started
                .Plan.Waves[0]
                .Tenants.Select(tenant =>
                    $"{tenant.Target.Tenant}: {string.Join(", ", tenant.Steps.Select(step => step.Kind))}"
                )
        );
        await plane.RunAsync("rollout", "watch", started.Id.Value);
        await plane.RunAsync("drift", "check", "--wait");
        Assert.Empty((await healing.StartByPolicyAsync(new("local"), "engine/local", Token)).Healings);
        Assert.Contains(
            "nothing: the policy heals it",
            (await plane.RunAsync("blockers")).Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_tenant_under_way_is_left_to_its_rollout()
    {
        await using var plane = await StartAsync();
        plane.Script.Live = Messed(Live());
        var migrating = plane.Script.PauseAt("t2", "migrate");
        await plane.StartRolloutAsync("2026.11.2", "--canary", "t2");
        await migrating.Reached;

        await plane.RunAsync("drift", "check", "--wait");

        var shown = await plane.RunAsync("drift", "show");
        Assert.DoesNotContain("tenant/t2", shown.Output, StringComparison.Ordinal);
        Assert.Contains("1 left to their rollouts", shown.Error, StringComparison.Ordinal);
        migrating.Release();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task GovernAsync(ScriptedControlPlane plane, DriftMode drift) =>
        plane
            .Services.GetRequiredService<EnvironmentTermsStore>()
            .ApplyAsync(
                [
                    new EnvironmentTerms(
                        new("production"),
                        Release: null,
                        [],
                        TimeSpan.Zero,
                        EnvironmentPolicy.Default with
                        {
                            Drift = drift,
                        },
                        "c0ffee",
                        "Ann Lee <ann@example.com>",
                        TimeProvider.System.GetUtcNow()
                    ),
                ],
                [],
                Token
            );

    private async Task<ScriptedControlPlane> StartAsync()
    {
        var plane = await ScriptedControlPlane.StartAsync(cluster);
        plane.Script.Installed = AsReleased;
        return plane;
    }

    private static async Task<string> HealAsync(ScriptedControlPlane plane, string tenant)
    {
        var healing = await plane.RunAsync("drift", "heal", tenant);
        Assert.True(healing.Exit == ExitCodes.Done, healing.Error);
        return healing.Output.Split('\n')[0];
    }

    private static async Task MatchesAsync(ScriptedControlPlane plane, string golden, params string[] arguments)
    {
        var answer = await plane.RunAsync(arguments);
        Golden.Matches(golden, Golden.Steady(answer.Transcript));
    }

    /// <summary>Tenants t1 to t3 as they should be.</summary>
    private static LiveSite Live()
    {
        var role = RoleNames.Generation(Pool, Digest);
        var databases = Sorted("db1", "db2", "db3");
        return new(
            Reading.Seen(
                new LiveCluster(
                    databases.ToImmutableDictionary(
                        database => database,
                        database => new LiveDatabase(
                            RoleNames.Site,
                            IsOpen: true,
                            IsTemplate: false,
                            Sorted($"CONNECT of {role}", $"TEMPORARY of {role}"),
                            Sorted(role),
                            Sorted($"role={RoleNames.Owner(database)} of {role}")
                        ),
                        StringComparer.Ordinal
                    ),
                    ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
                    Sorted()
                )
            ),
            Reading.Seen(
                Enumerable
                    .Range(1, 3)
                    .ToImmutableDictionary(
                        number => new TenantName($"t{number}"),
                        number => new LiveRoute(
                            GenerationName.Of(Pool, Digest),
                            $"db{number}",
                            [$"t{number}.example"],
                            new(8069, 8072),
                            LapsedHold: null
                        )
                    )
            ),
            Reading.Seen(ImmutableArray.Create(Generation(databases)))
        );
    }

    private static LiveGeneration Generation(ImmutableSortedSet<string> databases) =>
        new(
            Pool,
            Digest,
            new(2, null),
            [
                new("web", Digest.Value, ["--http-port=(port)", "--gevent-port=(port)"], IsStale: false),
                new("cron", Digest.Value, CronProcess.Arguments, IsStale: false),
            ],
            Reading.Seen(
                GenerationSettings
                    .Of(GenerationPlaces.OfNobody, 2, null)
                    .ToImmutableSortedDictionary(
                        setting => setting.Name,
                        setting => setting.Value,
                        StringComparer.Ordinal
                    )
            ),
            new(8069, 8072),
            Reading.Seen(new LiveList(databases, databases)),
            Reading.Seen(ImmutableArray<string>.Empty)
        );

    /// <summary>A grant and a route of t2, and an option of the generation.</summary>
    private static LiveSite Messed(LiveSite site)
    {
        var cluster = ((Reading<LiveCluster>.Seen)site.Cluster).Value;
        var routes = ((Reading<ImmutableDictionary<TenantName, LiveRoute>>.Seen)site.Routes).Value;
        var generation = ((Reading<ImmutableArray<LiveGeneration>>.Seen)site.Generations).Value[0];
        var settings = ((Reading<ImmutableSortedDictionary<string, string>>.Seen)generation.Settings).Value;
        var database = cluster.Databases["db2"];
        return new(
            Reading.Seen(
                cluster with
                {
                    Databases = cluster.Databases.SetItem(
                        "db2",
                        database with
                        {
                            Rights = database.Rights.Add("CONNECT of intern"),
                        }
                    ),
                }
            ),
            Reading.Seen(routes.SetItem(new("t2"), routes[new("t2")] with { Hosts = ["old.example"] })),
            Reading.Seen(
                ImmutableArray.Create(
                    generation with
                    {
                        Settings = Reading.Seen(settings.SetItem("limit_time_cpu", "5")),
                    }
                )
            )
        );
    }

    private static ImmutableSortedSet<string> Sorted(params IEnumerable<string> texts) =>
        texts.ToImmutableSortedSet(StringComparer.Ordinal);
}
