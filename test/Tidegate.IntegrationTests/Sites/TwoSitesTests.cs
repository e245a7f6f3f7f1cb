using System.Collections.Immutable;
using Tidegate.Cli;
using Tidegate.ControlPlane.Fleet;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Sites;

/// <summary>Two servers over one control database, each with a scripted site of its own: who does what, and what waits for whom.</summary>
public sealed class TwoSitesTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly string[] OneWave = ["--wave-size", "0", "--concurrency", "1"];

    [Fact]
    public async Task A_rollout_over_both_sites_completes_and_each_did_only_its_own_steps()
    {
        await using var first = await ScriptedControlPlane.StartAsync(cluster);
        await using var second = await first.JoinAsync("oslo");
        Assert.Equal(ExitCodes.Done, (await ApplyOsloAsync(first)).Exit);

        var rollout = await second.StartRolloutAsync("2026.11.2", OneWave);

        Assert.Equal(ExitCodes.Done, (await first.RunAsync("rollout", "watch", rollout)).Exit);
        var owners = await first.QueryAsync(
            """
            select distinct u.site || ' by ' || l.actor from ledger l join upgrade u on u.id = l.upgrade
             where l.kind in ('intent', 'outcome') order by 1
            """
        );
        Assert.Equal(["local by engine/local", "oslo by engine/oslo"], owners);
        Assert.Equal(["s1", "s2"], second.Script.Placed.Distinct().Order());
        Assert.DoesNotContain(first.Script.Observed, tenant => tenant.StartsWith('s'));
        Assert.DoesNotContain(second.Script.Observed, tenant => tenant.StartsWith('t'));
    }

    [Fact]
    public async Task The_tenants_of_a_site_whose_server_is_gone_wait_and_the_others_go_on()
    {
        await using var first = await ScriptedControlPlane.StartAsync(cluster);
        string rollout;
        await using (var second = await first.JoinAsync("oslo"))
        {
            await ApplyOsloAsync(first);
            var migrating = second.Script.PauseAt("s1", "migrate");
            rollout = await first.StartRolloutAsync("2026.11.2", OneWave);
            await migrating.Reached;
        }

        await first.UntilAsync(rollout, "t3  completed");
        var shown = (await first.RunAsync("rollout", "show", rollout)).Output;
        Assert.Contains("t1  completed", shown, StringComparison.Ordinal);
        Assert.Contains("t2  completed", shown, StringComparison.Ordinal);
        Assert.Equal(
            ["s1 forward", "s2 pending"],
            await first.QueryAsync("select tenant || ' ' || state from upgrade where site = 'oslo' order by 1")
        );

        await using var back = await first.JoinAsync("oslo");
        Assert.Equal(ExitCodes.Done, (await first.RunAsync("rollout", "watch", rollout)).Exit);
    }

    [Fact]
    public async Task A_plan_says_which_site_nobody_serves()
    {
        await using var first = await ScriptedControlPlane.StartAsync(cluster);
        await using (await first.JoinAsync("oslo"))
        {
            await ApplyOsloAsync(first);
        }

        await first.QueryAsync("update site set heartbeat_at = clock_timestamp() - interval '1 h' where name = 'oslo'");

        var planned = await first.RunAsync("rollout", "plan", "--release", "2026.11.2");

        Assert.Equal(ExitCodes.Done, planned.Exit);
        Assert.Contains(
            "left alone: s1: s1 of pool oslo-shared: no living server serves site oslo",
            planned.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("left alone: t", planned.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_is_known_to_lie_where_its_release_was_just_registered()
    {
        await using var first = await ScriptedControlPlane.StartAsync(cluster);
        await using var second = await first.JoinAsync("oslo");
        await ApplyOsloAsync(first);
        var digest = $"sha256:{new string('4', 64)}";
        second.Script.Bundles = second.Script.Bundles.Add(ReleaseDigest.Create(digest));
        await second.SucceedAsync("release", "register", "--name", "2026.11.4", "--digest", digest);

        var planned = await second.RunAsync("rollout", "plan", "--release", "2026.11.4");

        Assert.DoesNotContain("left alone: s1", planned.Output, StringComparison.Ordinal);
        Assert.Contains("left alone: t1", planned.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_leaves_out_the_site_whose_store_lacks_the_bundle()
    {
        await using var first = await ScriptedControlPlane.StartAsync(cluster);
        await using var second = await first.JoinAsync("oslo");
        await ApplyOsloAsync(first);
        second.Script.Bundles = second.Script.Bundles.RemoveAt(1);
        await second.BeatAsync();

        var here = await first.RunAsync("rollout", "plan", "--release", "2026.11.2");
        var there = await second.RunAsync("rollout", "plan", "--release", "2026.11.2");

        Assert.Contains(
            "of release 2026.11.2 is not in the store of site oslo, where s1 is",
            here.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("left alone: t", here.Output, StringComparison.Ordinal);
        Assert.Contains(
            "is not in the store of site oslo, whose server makes this plan",
            there.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_fleet_with_an_unreadable_database_on_another_site_is_refused_with_nothing_stored()
    {
        await using var first = await ScriptedControlPlane.StartAsync(cluster);
        await using var second = await first.JoinAsync("oslo");
        second.Script.Unreadable = "database o1 of s1 does not exist.";

        var refused = await ApplyOsloAsync(first);

        Assert.Equal(ExitCodes.Blocked, refused.Exit);
        Assert.Contains("database o1 of s1 does not exist.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(["shared"], await first.QueryAsync("select name from pool"));
    }

    [Fact]
    public async Task A_fleet_of_a_site_that_nobody_serves_is_refused_at_once()
    {
        await using var first = await ScriptedControlPlane.StartAsync(cluster);

        var refused = await ApplyOsloAsync(first);

        Assert.Equal(ExitCodes.Blocked, refused.Exit);
        Assert.Contains("no server has ever served site oslo", refused.Error, StringComparison.Ordinal);
        Assert.Equal(["shared"], await first.QueryAsync("select name from pool"));
    }

    [Fact]
    public async Task Tenants_of_a_silent_site_are_placed_when_its_server_is_back()
    {
        await using var first = await ScriptedControlPlane.StartAsync(cluster);
        await using (await first.JoinAsync("oslo"))
        {
            await ApplyOsloAsync(first);
        }

        await first.QueryAsync("update site set heartbeat_at = clock_timestamp() - interval '1 h' where name = 'oslo'");

        var applied = await ApplyOsloAsync(first);
        Assert.Equal(ExitCodes.Blocked, applied.Exit);
        Assert.Contains("not served: s1 (site oslo): no living server", applied.Output, StringComparison.Ordinal);

        await using var back = await first.JoinAsync("oslo");
        await first.UntilQueryAsync(
            "select count(*)::text from site_request where kind = 'place-tenants' and state <> 'answered'",
            "0"
        );
        Assert.Equal(["s1", "s2"], back.Script.Placed.Order());
    }

    [Fact]
    public async Task Checkpoints_of_all_sites_are_listed_and_dropped_by_the_site_that_keeps_them()
    {
        await using var first = await ScriptedControlPlane.StartAsync(cluster);
        await using var second = await first.JoinAsync("oslo");
        await ApplyOsloAsync(first);
        var rollout = await first.StartRolloutAsync("2026.11.2", OneWave);
        await first.RunAsync("rollout", "watch", rollout);
        var upgrade = (await first.QueryAsync("select id from upgrade where tenant = 's1'"))[0];

        var list = await first.RunAsync("checkpoint", "list");
        var dropped = await first.RunAsync("checkpoint", "drop", upgrade, "--yes");

        Assert.Equal(ExitCodes.Done, list.Exit);
        Assert.Contains("s1      oslo", list.Output, StringComparison.Ordinal);
        Assert.Contains("t1      local", list.Output, StringComparison.Ordinal);
        Assert.True(dropped.Exit == ExitCodes.Done, dropped.Error);
        Assert.DoesNotContain(second.Script.Checkpoints.Keys, kept => kept.Value == upgrade);
        Assert.Equal(3, first.Script.Checkpoints.Count);
    }

    [Fact]
    public async Task A_list_of_checkpoints_says_which_site_is_missing_from_it()
    {
        await using var first = await ScriptedControlPlane.StartAsync(cluster);
        await first.QueryAsync(
            "insert into site (name, cluster, heartbeat_at) values ('oslo', 'x', clock_timestamp() - interval '1 h')"
        );

        var list = await first.RunAsync("checkpoint", "list");

        Assert.Equal(ExitCodes.Unavailable, list.Exit);
        Assert.Contains("Checkpoints of site oslo are missing: no living server", list.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gates_ask_the_server_of_the_site_that_they_are_about()
    {
        await using var first = await ScriptedControlPlane.StartAsync(cluster);
        await using var second = await first.JoinAsync("oslo");
        await ApplyOsloAsync(first);
        second.Script.Facts = new(
            MaxConnections: 900,
            ReservedConnections: 3,
            MemoryBytes: 16L << 30,
            ImmutableSortedDictionary<string, int>.Empty,
            WithoutEvented: [],
            Bridge: "abc",
            PostgresVersion: "15.14"
        );

        var there = await first.RunAsync("pool", "check", "oslo-shared", "--release", "2026.11.2");
        var here = await second.RunAsync("pool", "check", "shared", "--release", "2026.11.2");
        var compared = await first.RunAsync("environment", "compare", "production", "production", "--json");

        Assert.Contains("of 897", there.Output, StringComparison.Ordinal);
        Assert.Contains("unknown", here.Output, StringComparison.Ordinal);
        Assert.Contains("of 5 tenants of production do not say", compared.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be read", compared.Output, StringComparison.Ordinal);
    }

    private static async Task<CliAnswer> ApplyOsloAsync(ScriptedControlPlane plane)
    {
        string Tenant(int number) =>
            $$"""
                {"name": "s{{number}}", "pool": "oslo-shared", "database": "o{{number}}", "hosts": ["s{{number}}.example"],
                 "timeZone": "Europe/Oslo", "journeyLogin": "admin", "journeySecret": "journey", "release": "2026.11.1"}
                """;
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            $$"""
            {"pools": [{"name": "oslo-shared", "site": "oslo", "environment": "production", "hosting": "shared", "workers": 2}],
             "tenants": [{{Tenant(1)}}, {{Tenant(2)}}]}
            """,
            TestContext.Current.CancellationToken
        );
        var applied = await plane.RunAsync("fleet", "apply", "--file", file);
        File.Delete(file);
        return applied;
    }
}
