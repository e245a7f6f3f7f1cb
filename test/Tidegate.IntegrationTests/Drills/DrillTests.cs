using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Backups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Drills;
using Tidegate.Drivers.Objects;
using Tidegate.IntegrationTests.Backups;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Drills;

/// <summary>Losses played through on a real PostgreSQL with a real archive, beside the cluster that serves.</summary>
public sealed class DrillTests(BackedUpSite site) : IClassFixture<BackedUpSite>, IAsyncLifetime
{
    private static readonly SiteName Local = new("local");
    private static readonly RecoveryObjective Orders = new(
        new("orders"),
        "order-capture",
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(2)
    )
    {
        Documents = ["sale.order", "pos.order"],
    };

    private NpgsqlDataSource? _control;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private JobStore Jobs => new(_control!, TimeProvider.System);

    [Fact]
    public async Task A_lost_cluster_comes_back_from_what_was_archived_and_what_it_lost_is_counted()
    {
        await MakeShopAsync("bergen");
        await site.BackUpAsync();

        var drill = await PlayAsync(new(DrillScenario.ClusterLoss, null, null, ["bergen"], [Orders]));

        Assert.Equal(GateVerdict.Pass, drill.Judgement.Verdict);
        Assert.InRange(drill.Measured.RecoveryTime!.Value.TotalSeconds, 0.5, 300);
        // Written at once and archived at the latest when the segment's time is over: five seconds here.
        Assert.InRange(drill.Measured.RecoveryPoint!.Value.TotalSeconds, 0.1, 30);
        Assert.InRange(drill.Measured.Lost!.Value, 0, drill.Measured.Acknowledged!.Value - 1);
        Assert.Equal(["bergen"], drill.Measured.Restored!.Databases);
        Assert.True(drill.Measured.Restored.Took > drill.Measured.RecoveryTime);
        Assert.All(drill.Measured.Checks, check => Assert.True(check.Holds, check.Detail));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_lost_cluster_without_one_of_the_tenants_databases_is_a_failed_drill()
    {
        await MakeShopAsync("molde");
        await site.BackUpAsync();

        var drill = await PlayAsync(new(DrillScenario.ClusterLoss, null, null, ["molde", "shop_gone"], [Orders]));

        Assert.Equal(GateVerdict.Fail, drill.Judgement.Verdict);
        Assert.Contains("shop_gone missing", string.Join('\n', drill.Judgement.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenants_deleted_rows_come_back_alone_and_production_is_not_touched()
    {
        await MakeShopAsync("oslo");
        await site.BackUpAsync();
        await site.ExecuteAsync("oslo", "insert into sale_order (total) select 7 from generate_series(1, 50)");

        var drill = await PlayAsync(new(DrillScenario.TenantCorruption, new("shop-oslo"), "oslo", ["oslo"], [Orders]));

        Assert.Equal(GateVerdict.Pass, drill.Judgement.Verdict);
        Assert.Equal(0, drill.Measured.Lost);
        Assert.Equal(TimeSpan.Zero, drill.Measured.RecoveryPoint);
        Assert.Equal(150, drill.Measured.Documents["sale.order"]);
        Assert.Equal("150", await site.ScalarAsync("oslo", "select count(*) from sale_order"));
        Assert.Equal("100", await site.ScalarAsync("oslo", "select count(*) from pos_order"));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task What_was_promised_and_not_kept_fails_and_what_cannot_be_seen_does_not_pass()
    {
        await MakeShopAsync("drammen");
        await site.BackUpAsync();
        var hasty = Orders with { Name = new("hasty"), Process = "checkout-continuity", RecoveryTime = TimeSpan.Zero };
        var blind = Orders with { Name = new("blind"), Process = "finance-posting", Documents = ["account.move"] };

        var drill = await PlayAsync(
            new(DrillScenario.TenantCorruption, new("shop-d"), "drammen", ["drammen"], [Orders, hasty, blind])
        );

        Assert.Equal(
            [GateVerdict.Pass, GateVerdict.Fail, GateVerdict.Inconclusive],
            drill.Judgement.Processes.Select(process => process.Verdict)
        );
        Assert.Equal(GateVerdict.Fail, drill.Judgement.Verdict);
    }

    [Fact]
    public async Task A_lost_control_plane_comes_back_and_an_old_one_is_refused_until_its_numbers_are_moved()
    {
        await site.BackUpAsync();

        var drill = await PlayAsync(new(DrillScenario.ControlPlaneLoss, null, null, [], [Orders]));

        Assert.Equal(GateVerdict.Pass, drill.Judgement.Verdict);
        Assert.Contains(
            "the site refuses a control plane that is older than what it has seen",
            drill.Measured.Checks.Where(check => check.Holds is true).Select(check => check.What)
        );
        // At the site itself nothing was raised.
        Assert.Equal("0", await site.ScalarAsync("postgres", "select count(*) from tidegate.tenant_epoch"));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_server_that_ends_in_the_middle_leaves_nothing_once_the_next_one_has_played_it_again()
    {
        await MakeShopAsync("halden");
        await site.BackUpAsync();
        var job = await OrderAsync(new(DrillScenario.TenantCorruption, new("shop-h"), "halden", ["halden"], [Orders]));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var turn = Loop("engine/first").TurnAsync(stop.Token);
        await Eventually.IsTrueAsync(
            () => Directory.Exists(site.Home.Layout.SideCluster(job)),
            () => "the drill does not come to its side cluster"
        );

        await stop.CancelAsync();
        try
        {
            await turn;
        }
        catch (OperationCanceledException)
        {
            // as a host that stops
        }

        Assert.Empty(await Store.ListAsync(null, Visible.Everything, 10, Token));
        await Jobs.EndLeasesAsync(Served("engine/second"), owner => owner == "engine/first", Token);
        Assert.True(await Loop("engine/second").TurnAsync(Token));

        var drill = Assert.Single(await Store.ListAsync(null, Visible.Everything, 10, Token)).Drill;
        Assert.Equal(GateVerdict.Pass, drill.Judgement.Verdict);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_server_that_is_lost_once_the_drill_is_recorded_does_not_have_it_played_again()
    {
        await MakeShopAsync("hamar");
        await site.BackUpAsync();
        var drill = await PlayAsync(new(DrillScenario.TenantCorruption, new("shop-k"), "hamar", ["hamar"], [Orders]));
        await site.ExecuteAsync(
            DatabaseNames.ControlDatabase,
            $"update job set state = 'running', outcome = null, result = null, ended_at = null, lease_until = '-infinity' where id = 'j-{drill.Id.Value[2..]}'"
        );

        Assert.True(await Loop("engine/second").TurnAsync(Token));

        Assert.Equal(
            "done true",
            await site.ScalarAsync(
                DatabaseNames.ControlDatabase,
                $"select j.outcome || ' ' || (j.result = d.result)::text from job j, drill d where d.id = '{drill.Id}' and j.id = 'j-{drill.Id.Value[2..]}'"
            )
        );
        Assert.Equal(
            "1",
            await site.ScalarAsync(
                DatabaseNames.ControlDatabase,
                $"select count(*) from ledger where step = 'drill' and reason like '{drill.Id} %'"
            )
        );
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Without_a_backup_the_drill_fails_and_says_so()
    {
        await MakeShopAsync("ghost");
        // Nothing reaches back so far: there is no backup of before the cluster was made.
        var drill = await PlayAsync(
            new(DrillScenario.TenantCorruption, new("shop-g"), "no_such_database", [], [Orders])
        );

        Assert.Equal(GateVerdict.Fail, drill.Judgement.Verdict);
        Assert.NotNull(drill.Failure);
        Assert.Null(drill.Measured.RecoveryTime);
        await NothingIsLeftAsync();
    }

    public async ValueTask InitializeAsync()
    {
        await site.ExecuteAsync("postgres", "alter system set archive_timeout = '5s'");
        await site.ExecuteAsync("postgres", "select pg_reload_conf()");
        await SiteDatabase.PrepareControlAsync(site.Home.Layout.Cluster, Token);
        var connection = site.Home.Layout.Cluster.ConnectionString(
            DatabaseNames.ControlDatabase,
            DatabaseNames.ControlRole
        );
        ControlDatabase.Upgrade(connection);
        _control = ControlDatabase.Open(connection);
        await using var command = _control.CreateCommand("delete from drill");
        await command.ExecuteNonQueryAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null)
        {
            await _control.DisposeAsync();
        }
    }

    private DrillStore Store => new(_control!);

    private async Task<DrillResult> PlayAsync(DrillJob drill)
    {
        var job = await OrderAsync(drill);
        Assert.True(await Loop("engine/local").TurnAsync(Token));
        var ended = await Jobs.FindAsync(job, Token);
        Assert.True(ended!.Outcome is JobOutcome.Done, ended.Failure);
        var stored = await Store.FindAsync(DrillId.Of(job), Token);
        Assert.NotNull(stored);
        return stored.Drill;
    }

    private Task<JobId> OrderAsync(DrillJob drill) =>
        Jobs.OrderAsync(
            DrillJob.Kind,
            new JobOrder<DrillJob>(Local, drill.Tenant?.Value ?? "local", drill, "tester", null, DrillJob.Lane),
            Token
        );

    private static ServedSites Served(string owner) => new([Local], owner, TimeSpan.FromMinutes(5));

    private JobLoop Loop(string owner)
    {
        var markers = new Markers(site.Home.Layout.Cluster, TimeProvider.System);
        var handler = new DrillHandler(
            [
                new TenantCorruptionScenario(markers, site.Side, new DumpTransfer(site.Home.Layout)),
                new ClusterLossScenario(markers, site.Side, new PageCheck(site.Home.Layout)),
                new ControlPlaneLossScenario(site.Home.Layout, markers, site.Side),
            ],
            markers,
            new(site.Home.Layout, site.Side, site.Launcher),
            Store,
            new Artifacts(new FolderObjectStore(site.Home.Layout.Objects, TimeProvider.System)),
            TimeProvider.System
        );
        return new JobLoop(Jobs, Served(owner), [handler], TimeProvider.System, NullLogger<JobLoop>.Instance);
    }

    private async Task MakeShopAsync(string name)
    {
        await site.ExecuteAsync("postgres", $"create database {name}");
        await site.ExecuteAsync(
            name,
            "create table sale_order (id serial primary key, total numeric)",
            "create table pos_order (id serial primary key, total numeric)",
            "insert into sale_order (total) select n from generate_series(1, 100) n",
            "insert into pos_order (total) select n from generate_series(1, 100) n"
        );
    }

    private async Task NothingIsLeftAsync()
    {
        var work = site.Home.Layout.WorkFolder;
        Assert.Empty(Directory.Exists(work) ? Directory.EnumerateFileSystemEntries(work) : []);
        Assert.Equal("0", await site.ScalarAsync("postgres", "select count(*) from tidegate.drill_marker"));
        Assert.DoesNotContain(site.Launcher.Names(), name => name.StartsWith("side", StringComparison.Ordinal));
    }
}
