using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.ControlPlane.Fleet;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using static Tidegate.IntegrationTests.Following.GitFleet;

namespace Tidegate.IntegrationTests.Following;

/// <summary>How pools and tenants become what git says, over real PostgreSQL; only the sites are scripted.</summary>
public sealed class SettlingTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private const string Blockers =
        "select subject || ' ' || code from blocker where owner = 'source/settling' order by 1";

    [Fact]
    public async Task A_tenant_of_git_is_looked_at_taken_in_and_served()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);

        var synced = await fleet.SyncAsync("A shop", Tenant("t4", more: "joinsOn: 2026.11.2"));

        Assert.Equal(ExitCodes.Done, synced.Exit);
        Assert.Contains("in step", synced.Output, StringComparison.Ordinal);
        Assert.Contains("t4", plane.Script.Observed);
        Assert.Contains("t4", plane.Script.Placed);
        Assert.Equal(
            [$"t4 t4.example sha256:{new string('2', 64)}"],
            await plane.QueryAsync(
                "select t.name || ' ' || h.host || ' ' || t.release from tenant t join tenant_host h on h.tenant = t.name where t.name = 't4'"
            )
        );
    }

    [Fact]
    public async Task A_changed_profile_is_taken_at_once_and_pool_options_too()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        plane.Script.Placed.Clear();

        await fleet.SyncAsync(
            "Another zone",
            Tenant("t1", timeZone: "Europe/Rome"),
            ("pools/shared.yaml", "site: local\nenvironment: production\noptions:\n  limit_time_cpu: 300\n")
        );

        Assert.Equal(
            ["Europe/Rome 300"],
            await plane.QueryAsync(
                "select t.time_zone || ' ' || (p.options ->> 'limitTimeCpu') from tenant t join pool p on p.name = t.pool where t.name = 't1'"
            )
        );
        Assert.Empty(plane.Script.Placed);
        Assert.Contains(
            await plane.LedgerAsync("decision"),
            line => line.StartsWith("following t1 tenant t1 set, as commit", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Whose_copy_a_tenant_is_is_known_for_as_long_as_git_says_it()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        await fleet.SyncAsync(
            "A copy",
            ("environments/lab.yaml", "{}\n"),
            ("pools/lab.yaml", "site: local\nenvironment: lab\n"),
            Copy("daily")
        );
        var known = await plane.QueryAsync(Copies);
        Assert.StartsWith("t4 t1 daily Europe/", Assert.Single(known), StringComparison.Ordinal);
        var waits = await plane.RunAsync("tenant", "refresh", "t4");
        Assert.Contains("t1 runs 2026.11.1", waits.Error, StringComparison.Ordinal);

        // In the same words it is the same copy; in others it waits for its next time.
        await fleet.SyncAsync("Something else", Tenant("t2", host: "other.example"));
        Assert.Equal(known, await plane.QueryAsync(Copies));
        await fleet.SyncAsync("Weekly", Copy("weekly"));
        Assert.NotEqual(known, await plane.QueryAsync(Copies));

        await fleet.SyncAsync("Its own", Tenant("t4", "lab", more: "joinsOn: 2026.11.2"));
        Assert.Empty(await plane.QueryAsync(Copies));
        var own = await plane.RunAsync("tenant", "refresh", "t4", "--yes");
        Assert.Contains("is no copy of another tenant", own.Error, StringComparison.Ordinal);

        static (string, string?) Copy(string refresh) =>
            Tenant("t4", "lab", more: $"joinsOn: 2026.11.2\ncopyOf:\n  tenant: t1\n  refresh: {refresh}");
    }

    private const string Copies =
        "select tenant || ' ' || source || ' ' || (terms ->> 'refresh') || ' ' || time_zone || ' ' || since from staging_tenant";

    [Fact]
    public async Task Two_tenants_may_swap_their_host_names_in_one_commit()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);

        await fleet.SyncAsync("Swap", Tenant("t1", host: "t2.example"), Tenant("t2", host: "t1.example"));

        Assert.Equal(
            ["t1.example t2", "t2.example t1", "t3.example t3"],
            await plane.QueryAsync("select host || ' ' || tenant from tenant_host order by 1")
        );
    }

    [Fact]
    public async Task What_cannot_be_done_is_a_blocker_of_its_own_and_the_rest_goes_on()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);

        var synced = await fleet.SyncAsync(
            "Much at once",
            ("sites/oslo.yaml", "{}\n"),
            ("pools/oslo.yaml", "site: oslo\nenvironment: production\n"),
            ("environments/quiet.yaml", "{}\n"),
            ("pools/quiet.yaml", "site: local\nenvironment: quiet\n"),
            Release("2026.12.1", 'a'),
            Tenant("t4"),
            Tenant("t5", "oslo"),
            Tenant("t6", "quiet"),
            Tenant("t7", more: "joinsOn: 2026.12.1")
        );

        Assert.Equal(ExitCodes.Blocked, synced.Exit);
        Assert.Equal(
            ["pool/oslo site-unknown", "tenant/t6 tenant-without-release", "tenant/t7 tenant-release-not-registered"],
            await plane.QueryAsync(Blockers)
        );
        Assert.Equal(["t1", "t2", "t3", "t4"], await plane.QueryAsync("select name from tenant order by 1"));
        Assert.Equal(["quiet", "shared"], await plane.QueryAsync("select name from pool order by 1"));

        // Each clears by itself once its cause is gone.
        await plane.SucceedAsync(
            "release",
            "register",
            "--name",
            "2026.12.1",
            "--digest",
            $"sha256:{new string('a', 64)}"
        );
        await using var oslo = await plane.JoinAsync("oslo");
        await fleet.SyncAsync("A release for the quiet", ("environments/quiet.yaml", "release: 2026.11.1\n"));

        Assert.Empty(await plane.QueryAsync(Blockers));
        Assert.Equal(
            ["t1", "t2", "t3", "t4", "t5", "t6", "t7"],
            await plane.QueryAsync("select name from tenant order by 1")
        );
        Assert.Contains("t5", oslo.Script.Placed);
    }

    [Fact]
    public async Task A_tenant_whose_database_cannot_be_read_is_not_half_known()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        plane.Script.Unreadable = "database db4 of t4 does not exist.";

        await fleet.SyncAsync("A shop", Tenant("t4"));

        Assert.Equal(["tenant/t4 tenant-unreadable"], await plane.QueryAsync(Blockers));
        Assert.Empty(await plane.QueryAsync("select name from tenant where name = 't4'"));

        plane.Script.Unreadable = null;
        await plane.SucceedAsync("fleet", "sync");

        Assert.Contains("t4", plane.Script.Placed);
        Assert.Empty(await plane.QueryAsync("select name from unsettled"));
    }

    [Fact]
    public async Task A_tenant_that_git_names_no_more_is_told_and_stays()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);

        await fleet.SyncAsync("Without t3", ("tenants/t3.yaml", null));

        Assert.Equal(["tenant/t3 tenant-not-in-git"], await plane.QueryAsync(Blockers));
        Assert.Equal(["t3.example"], await plane.QueryAsync("select host from tenant_host where tenant = 't3'"));

        var taken = await fleet.SyncAsync("Its host name", Tenant("t2", host: "t3.example"));

        Assert.Equal(["tenant/t2 tenant-conflict", "tenant/t3 tenant-not-in-git"], await plane.QueryAsync(Blockers));
        Assert.Contains("host name t3.example of t2 belongs to t3 already", taken.Output, StringComparison.Ordinal);

        await fleet.SyncAsync("Back", Tenant("t3"), Tenant("t2"));
        Assert.Empty(await plane.QueryAsync(Blockers));
    }

    [Fact]
    public async Task A_tenant_in_a_rollout_moves_when_that_has_ended()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        var migrating = plane.Script.PauseAt("t1", "migrate");
        var rollout = await plane.StartRolloutAsync("2026.11.2", "--canary", "t1", "--emergency", "--reason", "why");
        await migrating.Reached;

        await fleet.SyncAsync("Another host", Tenant("t1", host: "new.example"));

        Assert.Equal(["tenant/t1 tenant-busy"], await plane.QueryAsync(Blockers));
        Assert.Equal(["t1.example"], await plane.QueryAsync("select host from tenant_host where tenant = 't1'"));

        migrating.Release();
        await plane.RunAsync("rollout", "watch", rollout);
        await plane.SucceedAsync("fleet", "sync");

        Assert.Equal(["new.example"], await plane.QueryAsync("select host from tenant_host where tenant = 't1'"));
    }

    [Fact]
    public async Task A_pool_with_tenants_stays_on_its_site()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await using var oslo = await plane.JoinAsync("oslo");
        var fleet = await FollowAsync(plane);

        await fleet.SyncAsync(
            "Move it",
            ("sites/oslo.yaml", "{}\n"),
            ("pools/shared.yaml", "site: oslo\nenvironment: production\n")
        );

        Assert.Equal(["pool/shared pool-would-move"], await plane.QueryAsync(Blockers));
        Assert.Equal(["local"], await plane.QueryAsync("select site from pool"));
    }

    [Fact]
    public async Task A_server_that_is_lost_while_tenants_are_served_leaves_nothing_undone()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        var stuck = new StuckPlacement();
        Task<CliAnswer> syncing;
        await using (
            var first = await plane.JoinAsync("oslo", services => services.AddSingleton<ITenantPlacement>(stuck))
        )
        {
            fleet.Commit(
                "A shop in Oslo",
                ("sites/oslo.yaml", "{}\n"),
                ("pools/oslo.yaml", "site: oslo\nenvironment: production\n"),
                Tenant("t4", "oslo"),
                Environment("2026.11.2")
            );
            syncing = plane.RunAsync("fleet", "sync");
            await stuck.Reached;
            Assert.Equal(["2026.11.2"], await plane.QueryAsync("select release_name from environment_terms"));
        }

        Assert.Equal(["t4"], await plane.QueryAsync("select name from unsettled"));

        await using var second = await plane.JoinAsync("oslo");
        await syncing;
        await plane.SucceedAsync("fleet", "sync", "--wait");

        Assert.Contains("t4", second.Script.Placed);
        Assert.Empty(await plane.QueryAsync("select name from unsettled"));
        Assert.Single(
            await plane.QueryAsync("select reason from ledger where reason like 'planned work: 2026.11.2 %'")
        );
    }

    [Fact]
    public async Task Of_two_servers_one_follows_and_every_commit_is_taken_once()
    {
        await using var first = await ScriptedControlPlane.StartAsync(cluster);
        await using var second = await first.JoinAsync("oslo");
        var fleet = await FollowAsync(first);

        for (var number = 0; number < 5; number++)
        {
            fleet.Commit($"Change {number}", Tenant("t1", timeZone: number % 2 == 0 ? "Europe/Rome" : "Europe/Oslo"));
            var planes = new[] { first, second, first, second };
            var answers = await Task.WhenAll(planes.Select(plane => plane.RunAsync("fleet", "sync")));
            Assert.All(answers, answer => Assert.Equal(ExitCodes.Done, answer.Exit));
        }

        Assert.Equal(
            ["6"],
            await first.QueryAsync("select count(*)::text from ledger where reason like 'state taken: %'")
        );
    }

    /// <summary>A site that never ends serving a tenant, until its server is stopped.</summary>
    private sealed class StuckPlacement : ITenantPlacement
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached =>
            _reached.Task.WaitAsync(
                TimeSpan.FromSeconds(30),
                TimeProvider.System,
                TestContext.Current.CancellationToken
            );

        public async Task<ImmutableArray<UnplacedTenant>> PlaceAsync(
            IReadOnlyList<FleetMember> members,
            CancellationToken cancellationToken
        )
        {
            _reached.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return [];
        }
    }
}
