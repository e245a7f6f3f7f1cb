using Tidegate.Cli;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Promotion;

/// <summary>Planned work becomes rollouts: the real loops over real PostgreSQL; only the site's steps are scripted.</summary>
public sealed class PromotionLoopTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task A_release_goes_through_staging_soaks_and_enters_production()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);

        await plane.AskAsync(
            PromotionPlane.Terms("staging", 2),
            PromotionPlane.Terms("production", 2, soak: TimeSpan.FromSeconds(3), upstream: "staging")
        );
        await plane.UntilBlockedAsync("production", "soaking");
        Assert.Equal(["staging 2026.11.2 completed"], await plane.RolloutsAsync());
        await plane.UntilAsync("production", "done");

        Assert.Equal(["staging 2026.11.2 completed", "production 2026.11.2 completed"], await plane.RolloutsAsync());
        Assert.Equal(
            ["true"],
            await plane.Plane.QueryAsync(
                """
                select (p.created_at >= (select max(u.ended_at) from upgrade u where u.rollout = s.id) + interval '3 s')::text
                  from rollout p, rollout s where p.environment = 'production' and s.environment = 'staging'
                """
            )
        );
        await plane.UntilBlockedAsync("production", "");
        Assert.Contains(
            "promotion start of plan",
            string.Join('\n', await plane.Plane.LedgerAsync("command")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "promotion planned work started: 2026.11.2 in production; passed: registered, not-blocked, upstream, soak, hold, older, busy",
            await plane.Plane.LedgerAsync("decision")
        );
    }

    [Fact]
    public async Task What_went_back_is_not_tried_again_until_a_person_lifts_the_hold()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        plane.Plane.Script.AnswerOnce("t1", "verify", new StepOutcome.Failed("TIPS costs 0.90 USD.", "r/t1"));

        await plane.AskAsync(PromotionPlane.Terms("production", 2));
        await plane.UntilBlockedAsync("production", "went-back");
        Assert.Equal(["production 2026.11.2 rolled_back"], await plane.RolloutsAsync());

        var lifted = await plane.Plane.RunAsync("promotion", "lift", "production", "--reason", "a wrong price list");
        Assert.Equal((ExitCodes.Done, "2026.11.2 is held in production no more\n"), (lifted.Exit, lifted.Output));
        await plane.UntilAsync("production", "done");

        Assert.Equal(
            ["production 2026.11.2 rolled_back", "production 2026.11.2 completed"],
            await plane.RolloutsAsync()
        );
        await plane.UntilBlockedAsync("production", "");
    }

    [Fact]
    public async Task A_newer_release_goes_on_where_an_older_one_is_held()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        plane.Plane.Script.AnswerOnce("t1", "verify", new StepOutcome.Failed("TIPS costs 0.90 USD.", "r/t1"));
        await plane.AskAsync(PromotionPlane.Terms("production", 2));
        await plane.UntilBlockedAsync("production", "went-back");

        await plane.AskAsync(PromotionPlane.Terms("production", 3));
        await plane.UntilAsync("production", "done");

        Assert.Equal(
            ["production 2026.11.2 rolled_back", "production 2026.11.3 completed"],
            await plane.RolloutsAsync()
        );
    }

    [Fact]
    public async Task Where_the_policy_says_manual_a_person_starts()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        await plane.AskAsync(
            PromotionPlane.Terms("production", 2, EnvironmentPolicy.Default with { Start = StartMode.Manual })
        );
        await plane.UntilBlockedAsync("production", "start-manual");

        var started = await plane.Plane.RunAsync("promotion", "start", "production", "--reason", "the day is calm");
        Assert.True(started.Exit == ExitCodes.Done, started.Error);
        await plane.UntilAsync("production", "done");

        Assert.Contains(
            "the day is calm",
            Assert.Single(await plane.Plane.QueryAsync("select start_reason from rollout")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_blocked_release_waits_and_starts_when_it_is_unblocked()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        await plane.Plane.RunAsync("release", "block", "2026.11.2", "--reason", "orders lose their discount");
        await plane.AskAsync(PromotionPlane.Terms("production", 2));
        await plane.UntilBlockedAsync("production", "release-blocked");

        await plane.Plane.RunAsync("release", "unblock", "2026.11.2", "--reason", "a wrong setting");

        await plane.UntilAsync("production", "done");
        await plane.UntilBlockedAsync("production", "");
    }

    [Fact]
    public async Task A_release_whose_validation_failed_does_not_enter_and_is_judged_once()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);

        await plane.AskAsync(
            PromotionPlane.Terms(
                "production",
                2,
                EnvironmentPolicy.Default with
                {
                    Gates = new GatePolicy { Validation = GateDemand.Required },
                }
            )
        );
        await plane.UntilBlockedAsync("production", "validation-failed");

        Assert.Equal(
            ["2026.11.2 promotion"],
            await plane.Plane.QueryAsync("select release || ' ' || requested_by from release_validation")
        );
        Assert.Empty(await plane.RolloutsAsync());
    }

    [Fact]
    public async Task Newer_work_waits_for_a_rollout_that_runs_or_supersedes_it_as_the_policy_says()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        var paused = plane.Plane.Script.PauseAt("t1", "copy");
        await plane.AskAsync(PromotionPlane.Terms("production", 2));
        await paused.Reached;

        await plane.AskAsync(PromotionPlane.Terms("production", 3));
        await plane.UntilBlockedAsync("production", "rollout-running");
        await plane.AskAsync(
            PromotionPlane.Terms("production", 3, EnvironmentPolicy.Default with { WhenBusy = BusyMode.Supersede })
        );
        await plane.UntilAsync("production", "started");
        paused.Release();
        await plane.UntilAsync("production", "done");

        // t1 had begun: it is left out while it is busy, and taken along when it has ended.
        Assert.Equal(
            ["production 2026.11.2", "production 2026.11.3", "production 2026.11.3"],
            (await plane.RolloutsAsync()).Select(rollout => rollout[..rollout.LastIndexOf(' ')])
        );
        Assert.Equal(
            ["2026.11.3"],
            await plane.Plane.QueryAsync(
                "select distinct r.name from tenant t join release r on r.digest = t.release where t.pool = 'shared'"
            )
        );
        Assert.Equal(
            ["2026.11.2 superseded", "2026.11.3 done"],
            await plane.Plane.QueryAsync("select release_name || ' ' || state from planned_work order by id")
        );
    }

    [Fact]
    public async Task Two_servers_start_one_rollout()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        await using var other = await plane.Plane.JoinAsync("oslo");

        for (var release = 2; release <= 3; release++)
        {
            await plane.AskAsync(PromotionPlane.Terms("production", release), PromotionPlane.Terms("staging", release));
            await plane.UntilAsync("production", "done");
            await plane.UntilAsync("staging", "done");
        }

        Assert.Equal(4, (await plane.RolloutsAsync()).Length);
    }

    [Fact]
    public async Task A_crash_between_the_rollout_and_the_mark_on_its_work_leaves_neither()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        await plane.Plane.QueryAsync(
            """
            create function power_cut() returns trigger language plpgsql as $$ begin raise exception 'power cut'; end $$;
            create trigger power_cut before update on planned_work for each row
                when (new.state = 'started') execute function power_cut()
            """
        );
        await plane.AskAsync(PromotionPlane.Terms("production", 2));
        await plane.UntilBlockedAsync("production", "plan-error");
        Assert.Empty(await plane.RolloutsAsync());

        await plane.Plane.QueryAsync("drop trigger power_cut on planned_work");
        await plane.UntilAsync("production", "done");

        Assert.Equal(["production 2026.11.2 completed"], await plane.RolloutsAsync());
    }

    [Fact]
    public async Task A_crash_after_a_rollout_was_started_starts_no_second_one()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        // What a server that died right after the start leaves: blockers that nobody has cleared, and work that is due.
        await plane.Plane.QueryAsync(
            "insert into blocker (owner, subject, code, what, since, clears, next) values ('promotion/production', 'environment/production', 'soaking', 'x', now(), 'x', 'x')"
        );
        var paused = plane.Plane.Script.PauseAt("t1", "copy");
        await plane.AskAsync(PromotionPlane.Terms("production", 2));
        await paused.Reached;
        await plane.Plane.QueryAsync("update planned_work set wake_at = 'epoch'");
        await plane.UntilBlockedAsync("production", "");
        paused.Release();
        await plane.UntilAsync("production", "done");

        Assert.Equal(["production 2026.11.2 completed"], await plane.RolloutsAsync());
    }

    [Fact]
    public async Task Work_that_was_superseded_between_the_look_and_the_start_does_not_start()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        await plane.AskAsync(
            PromotionPlane.Terms("production", 2, EnvironmentPolicy.Default with { Start = StartMode.Manual })
        );
        await plane.UntilBlockedAsync("production", "start-manual");
        var plan = Plan();
        await plane.AskAsync(
            PromotionPlane.Terms("production", 3, EnvironmentPolicy.Default with { Start = StartMode.Manual })
        );

        var refused = await new RolloutStore(plane.Plane.Database).StartAsync(
            TestKit.Plans.Rollout(plan, "r-late") with
            {
                Work = new WorkToStart(
                    long.Parse(
                        Assert.Single(
                            await plane.Plane.QueryAsync("select id::text from planned_work where state = 'superseded'")
                        ),
                        System.Globalization.CultureInfo.InvariantCulture
                    ),
                    "all"
                ),
            },
            TestContext.Current.CancellationToken
        );

        Assert.Contains(
            "something newer was asked for",
            Assert.IsType<StartRolloutResult.Refused>(refused).Reason,
            StringComparison.Ordinal
        );
        Assert.Empty(await plane.RolloutsAsync());

        static RolloutPlan Plan() => TestKit.Plans.Of(3);
    }

    [Fact]
    public async Task Where_the_tenants_run_the_release_already_nothing_is_started()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);

        await plane.AskAsync(PromotionPlane.Terms("production", 1));
        await plane.UntilAsync("production", "done");

        Assert.Empty(await plane.RolloutsAsync());
    }

    [Fact]
    public async Task A_release_that_no_tenant_can_take_waits_with_the_tenants_reasons()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        plane.Plane.Script.Unreadable = "the disk is gone.";
        await plane.AskAsync(PromotionPlane.Terms("production", 2));

        await plane.UntilBlockedAsync("production", "nobody-can");
        plane.Plane.Script.Unreadable = null;

        await plane.UntilAsync("production", "done");
    }
}
