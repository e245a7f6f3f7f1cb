using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Sites;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using static Tidegate.IntegrationTests.Following.GitFleet;

namespace Tidegate.IntegrationTests.Following;

/// <summary>A followed repository over real PostgreSQL: what a commit becomes, and what is not taken of one.</summary>
public sealed class FollowingTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private const string Planned =
        "select environment || ' ' || release_name || ' ' || state from planned_work order by id";

    private const string Blockers = "select subject || ' ' || code from blocker where owner like 'source/%' order by 1";

    [Fact]
    public async Task A_commit_becomes_planned_work_and_starts_nothing()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);

        var synced = await fleet.SyncAsync("Promote 2026.11.2", Environment("2026.11.2"));

        Assert.Equal(ExitCodes.Done, synced.Exit);
        Assert.Equal("production 2026.11.2 waiting", (await plane.QueryAsync(Planned))[^1]);
        Assert.Empty(await plane.QueryAsync("select id from rollout"));
        Assert.Equal(
            ["2026.11.2 by Ann Lee <ann@example.com>"],
            await plane.QueryAsync("select release_name || ' by ' || author from environment_terms")
        );
    }

    [Fact]
    public async Task Work_that_waits_is_asked_at_once_when_git_says_something_else()
    {
        const string Late =
            "select count(*)::text from planned_work where state = 'waiting' and wake_at > now() + interval '1 hour'";
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        await fleet.SyncAsync("Promote 2026.11.2", Environment("2026.11.2"));
        await plane.QueryAsync(
            "update planned_work set wake_at = now() + interval '1 day' where state = 'waiting' returning 1::text"
        );
        Assert.Equal(["1"], await plane.QueryAsync(Late));

        await fleet.SyncAsync("Sooner", ("policies/careful.yaml", "start: manual\nrollout: {bake: 1m}\n"));

        await plane.UntilQueryAsync(Late, "0");
    }

    [Fact]
    public async Task A_security_fix_waits_as_long_as_the_policy_says_and_it_is_told()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);

        await fleet.SyncAsync(
            "A fix",
            ("policies/careful.yaml", "start: manual\nrollout: {bake: 30m}\nexpedited: {bake: 5m}\n"),
            (
                "releases/2026.11.2.yaml",
                $"digest: sha256:{new string('2', 64)}\nsecurity: a till shows another's orders\n"
            ),
            Environment("2026.11.2")
        );

        Assert.Equal(
            ["300"],
            await plane.QueryAsync("select policy #>> '{rollout,bakeSeconds}' from environment_terms")
        );
        Assert.Contains(
            "expedited, as a security fix: a till shows another's orders",
            (await plane.RunAsync("promotion", "show", "production")).Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            await plane.LedgerAsync("decision"),
            line =>
                line.Contains(
                    "2026.11.2 in production waits less, as a security fix (a till shows another's orders)",
                    StringComparison.Ordinal
                )
        );

        await fleet.SyncAsync("Another", Environment("2026.11.3"));
        Assert.Equal(
            ["1800"],
            await plane.QueryAsync("select policy #>> '{rollout,bakeSeconds}' from environment_terms")
        );
    }

    [Fact]
    public async Task The_same_commit_told_again_changes_nothing()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        await fleet.SyncAsync("Promote 2026.11.2", Environment("2026.11.2"));
        // Promotion has a word of its own on what waits.
        const string Said =
            "select count(*)::text from ledger where actor = 'following' or actor like 'source/%' or reason like 'planned work%'";
        var before = await plane.QueryAsync(Said);

        await plane.SucceedAsync("fleet", "sync");
        await plane.SucceedAsync("fleet", "sync");

        Assert.Equal(before, await plane.QueryAsync(Said));
    }

    [Fact]
    public async Task What_a_sites_file_says_of_its_backups_counts_at_once_and_no_verb_overrules_it()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        await plane.SucceedAsync("backup", "schedule", "--full-every", "100");

        await fleet.SyncAsync("Backups", ("sites/local.yaml", "backups:\n  fullEvery: 7d\n  differentialEvery: 12h\n"));
        var refused = await plane.RunAsync("backup", "schedule", "--full-every", "24");

        Assert.Equal("168 12", await ScheduleAsync(plane));
        Assert.NotEqual(ExitCodes.Done, refused.Exit);
        Assert.Contains("sites/local.yaml", refused.Error, StringComparison.Ordinal);

        await fleet.SyncAsync("No backups", ("sites/local.yaml", "{}\n"));
        Assert.Equal("100 ", await ScheduleAsync(plane)); // what was ordered before

        await fleet.SyncAsync("Backups again", ("sites/local.yaml", "backups:\n  fullEvery: 7d\n"));
        Assert.Equal("168 ", await ScheduleAsync(plane));
        await plane.SucceedAsync("fleet", "unfollow", "--reason", "the repository moves");
        Assert.Equal("100 ", await ScheduleAsync(plane));
    }

    private static async Task<string> ScheduleAsync(ScriptedControlPlane plane)
    {
        var site = plane.Services.GetRequiredService<ServedSites>().Names[0];
        var schedule = await plane
            .Services.GetRequiredService<BackupSchedules>()
            .OfAsync(site, TestContext.Current.CancellationToken);
        return FormattableString.Invariant(
            $"{schedule?.FullEvery.TotalHours} {schedule?.DifferentialEvery?.TotalHours}"
        );
    }

    [Fact]
    public async Task An_environment_names_the_commit_that_changed_it_last()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        var promotion = fleet.Commit("Promote 2026.11.2", Environment("2026.11.2"));
        await plane.SucceedAsync("fleet", "sync");

        await fleet.SyncAsync("Something else", Tenant("t1", timeZone: "Europe/Rome"));

        Assert.Equal([promotion.Value], await plane.QueryAsync("select commit from environment_terms"));
    }

    [Fact]
    public async Task A_broken_commit_changes_nothing_and_is_a_blocker_until_it_is_corrected()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);

        var broken = await fleet.SyncAsync(
            "Promote, and a typo",
            Environment("2026.11.2"),
            ("pools/shared.yaml", "site: local\nenvironment: production\nworker: 4\n")
        );

        Assert.Equal(ExitCodes.Blocked, broken.Exit);
        Assert.Contains("pools/shared.yaml:3:1:", broken.Output, StringComparison.Ordinal);
        Assert.Contains("of Ann Lee <ann@example.com>: Promote, and a typo", broken.Output, StringComparison.Ordinal);
        Assert.Equal(["2026.11.1"], await plane.QueryAsync("select release_name from environment_terms"));

        var corrected = await fleet.SyncAsync(
            "Correct it",
            ("pools/shared.yaml", "site: local\nenvironment: production\nworkers: 4\n")
        );

        Assert.Equal(ExitCodes.Done, corrected.Exit);
        Assert.Equal(["2026.11.2"], await plane.QueryAsync("select release_name from environment_terms"));
        Assert.Equal(["4"], await plane.QueryAsync("select workers::text from pool"));
    }

    [Fact]
    public async Task A_state_that_was_good_before_the_newest_commit_broke_it_is_taken()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        fleet.Commit("Promote 2026.11.2", Environment("2026.11.2"));

        var synced = await fleet.SyncAsync("A typo", ("pools/shared.yaml", "sites: local\n"));

        Assert.Equal(ExitCodes.Blocked, synced.Exit);
        Assert.Equal(["2026.11.2"], await plane.QueryAsync("select release_name from environment_terms"));
        Assert.Equal(["source/fleet source-broken"], await plane.QueryAsync(Blockers));
    }

    [Fact]
    public async Task History_that_was_written_anew_waits_for_a_person()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        await fleet.SyncAsync("Promote 2026.11.2", Environment("2026.11.2"));
        var other = fleet.CommitTo("other", "All of it anew", [.. Files, Environment("2026.11.3")]);
        fleet.Repository.Move("main", other);

        var refused = await plane.RunAsync("fleet", "sync");

        Assert.Equal(ExitCodes.Blocked, refused.Exit);
        Assert.Contains($"tidegate fleet accept {other} --reason WHY", refused.Output, StringComparison.Ordinal);
        Assert.Equal(["2026.11.2"], await plane.QueryAsync("select release_name from environment_terms"));

        await plane.SucceedAsync("fleet", "accept", other.Value, "--reason", "a secret was in it");

        Assert.Equal(["2026.11.3"], await plane.QueryAsync("select release_name from environment_terms"));
        Assert.Empty(await plane.QueryAsync(Blockers));
        Assert.Contains(
            await plane.LedgerAsync("command"),
            line =>
                line.Contains($"accept commit {other}, not after ", StringComparison.Ordinal)
                && line.EndsWith("a secret was in it", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_person_may_begin_with_a_commit_that_nothing_protected()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = new GitFleet(plane);
        var first = fleet.Commit(
            "The fleet",
            [.. Files, ("policies/careful.yaml", "start: manual\nsource:\n  review: true\n")]
        );
        await plane.SucceedAsync("fleet", "follow", Address, "--interval", "1d");

        var refused = await plane.RunAsync("fleet", "sync");
        Assert.Contains($"or begin with it: tidegate fleet accept {first}", refused.Output, StringComparison.Ordinal);
        await plane.SucceedAsync("fleet", "accept", first.Value, "--reason", "it is ours");
        var second = await fleet.SyncAsync("Promote", Environment("2026.11.2"));

        Assert.Contains("(review-unknown)", second.Output, StringComparison.Ordinal);
        Assert.Equal(["2026.11.1"], await plane.QueryAsync("select release_name from environment_terms"));
    }

    [Fact]
    public async Task A_branch_that_was_taken_back_waits_for_a_person()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        var first = fleet.Commit("One", Environment("2026.11.2"));
        await fleet.SyncAsync("Two", Environment("2026.11.3"));
        fleet.Repository.Move("main", first);

        await plane.RunAsync("fleet", "sync");
        Assert.Equal(["source/fleet source-rewritten"], await plane.QueryAsync(Blockers));

        var elsewhere = await plane.RunAsync("fleet", "accept", new string('0', 40), "--reason", "why");
        Assert.Equal(ExitCodes.Conflict, elsewhere.Exit);
        await plane.SucceedAsync("fleet", "accept", first.Value, "--reason", "2026.11.3 was a mistake");

        Assert.Equal("production 2026.11.2 waiting", (await plane.QueryAsync(Planned))[^1]);
    }

    [Fact]
    public async Task A_repository_that_was_away_for_forty_commits_is_caught_up_with_in_one_step()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        fleet.Repository.AwayBecause = "its host does not answer.";
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Empty(await plane.QueryAsync(Blockers));
            await plane.RunAsync("fleet", "sync");
        }

        Assert.Equal(["source/fleet source-unreachable"], await plane.QueryAsync(Blockers));
        for (var number = 0; number < 40; number++)
        {
            fleet.Commit($"Change {number}", Environment(number % 2 == 0 ? "2026.11.2" : "2026.11.3"));
        }

        fleet.Repository.AwayBecause = null;
        await plane.SucceedAsync("fleet", "sync");

        Assert.Equal(["production 2026.11.3 waiting"], (await plane.QueryAsync(Planned))[1..]);
        Assert.Empty(await plane.QueryAsync(Blockers));
    }

    [Fact]
    public async Task A_branch_that_was_deleted_is_a_blocker_and_its_state_stays()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        fleet.Repository.Delete("main");

        await plane.RunAsync("fleet", "sync");

        Assert.Equal(["source/fleet source-no-branch"], await plane.QueryAsync(Blockers));
        Assert.Equal(["2026.11.1"], await plane.QueryAsync("select release_name from environment_terms"));
        Assert.Equal(["t1", "t2", "t3"], await plane.QueryAsync("select name from tenant order by 1"));
    }

    [Fact]
    public async Task A_release_that_an_environment_asked_for_never_becomes_another_one_not_even_by_a_detour()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        await fleet.SyncAsync("Promote", Environment("2026.11.2"));
        await fleet.SyncAsync("And on", Environment("2026.11.3"), ("releases/2026.11.2.yaml", null));

        await fleet.SyncAsync("The same name again", Release("2026.11.2", '9'));

        Assert.Equal(["source/fleet release-replaced"], await plane.QueryAsync(Blockers));
    }

    [Fact]
    public async Task What_git_governs_is_not_changed_by_hand()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await FollowAsync(plane);

        var applied = await plane.RunAsync("fleet", "apply", "--file", await plane.WriteFleetAsync(["db1"]));
        var started = await plane.RunAsync("rollout", "start", "--release", "2026.11.2");
        var unexplained = await plane.RunAsync("rollout", "start", "--release", "2026.11.2", "--emergency");
        var emergency = await plane.StartRolloutAsync("2026.11.2", "--emergency", "--reason", "tills are down");

        Assert.Equal(ExitCodes.Blocked, applied.Exit);
        Assert.Contains("commit the change there", applied.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Blocked, started.Exit);
        Assert.Contains("environments/production.yaml", started.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, unexplained.Exit);
        Assert.Contains(
            await plane.QueryAsync("select reason from ledger where kind = 'command' and rollout = $1", emergency),
            reason => reason.EndsWith("tills are down", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Who_follows_no_more_changes_by_hand_again_and_nothing_planned_is_left()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        await fleet.SyncAsync("Promote", Environment("2026.11.2"));

        await plane.SucceedAsync("fleet", "unfollow", "--reason", "the repository moves");

        Assert.Equal("production 2026.11.2 dropped", (await plane.QueryAsync(Planned))[^1]);
        Assert.Empty(await plane.QueryAsync("select environment from environment_terms"));
        Assert.Equal(ExitCodes.NotFound, (await plane.RunAsync("fleet", "status")).Exit);
        await plane.SucceedAsync("fleet", "apply", "--file", await plane.WriteFleetAsync(["db1", "db2", "db3"]));
        await plane.SucceedAsync("rollout", "plan", "--release", "2026.11.2");
    }

    [Theory]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://2852039166/fleet")]
    [InlineData("https://[::ffff:a9fe:a9fe]/fleet")]
    [InlineData("https://git.example.com@169.254.169.254/fleet")]
    [InlineData("gopher://127.0.0.1:6379/_FLUSHALL")]
    [InlineData("http://10.0.0.5/fleet")]
    [InlineData("file://169.254.169.254/fleet")]
    [InlineData("file:///srv/fleet%00/../../etc")]
    [InlineData("ext::sh -c id")]
    [InlineData("https://ann:hunter2@169.254.169.254/fleet")]
    public async Task An_address_that_leads_where_nobody_should_go_is_refused_and_in_the_ledger(string address)
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);

        var refused = await plane.RunAsync("fleet", "follow", address);

        Assert.NotEqual(ExitCodes.Done, refused.Exit);
        Assert.Empty(await plane.QueryAsync("select repository from source"));
        var entry = Assert.Single(
            await plane.QueryAsync("select reason from ledger where reason like 'refused: to follow %'")
        );
        Assert.DoesNotContain("hunter2", entry + refused.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_repository_is_not_followed_beside_the_first()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await FollowAsync(plane);

        Assert.Equal(ExitCodes.Conflict, (await plane.RunAsync("fleet", "follow", "/srv/other.git")).Exit);
        await plane.SucceedAsync("fleet", "follow", Address, "--interval", "10s");
        Assert.Equal(["00:00:10"], await plane.QueryAsync("select poll_every::text from source"));
    }
}
