using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Odoo;
using Tidegate.IntegrationTests.Databases;

namespace Tidegate.IntegrationTests.Cli;

/// <summary>What is wrong with a tenant is said before anything is touched: in the plan, and when a rollout is to start.</summary>
public sealed class BadInputTests(LogicalSite cluster) : IClassFixture<LogicalSite>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(
        "update ir_module_module set state = 'to upgrade' where name = 'sale'",
        "unfinished module update: sale (to upgrade)"
    )]
    [InlineData(
        "select pg_create_logical_replication_slot('slot_{0}', 'pgoutput')",
        "logical replication slot slot_{0}"
    )]
    [InlineData(
        "begin; insert into ir_cron values (true, now()); prepare transaction 'gid-{0}'",
        "prepared transaction gid-{0}",
        "rollback prepared 'gid-{0}'"
    )]
    [InlineData(
        "create subscription sub_{0} connection 'host=/nowhere' publication p with (connect = false)",
        "subscription sub_{0}"
    )]
    [InlineData("alter database {0} set log_min_duration_statement to '1s'", "GRANT SET ON PARAMETER")]
    public async Task A_database_that_is_not_ready_is_refused_with_nothing_touched(
        string obstacle,
        string named,
        string undo = "select 1"
    )
    {
        var shop = await OdooShopAsync();
        await using var plane = await StartAsync(shop.Database);
        await ExecuteAsync(shop, obstacle);
        var before = await shop.StateAsync();

        await AssertRefusedAsync(plane, named.Replace("{0}", shop.Database, StringComparison.Ordinal));

        Assert.Equal(before, await shop.StateAsync());
        await ExecuteAsync(shop, undo);
    }

    [Fact]
    public async Task A_tenant_that_is_not_ready_is_left_alone_and_the_others_go()
    {
        var (healthy, unready) = (await OdooShopAsync(), await OdooShopAsync());
        await ExecuteAsync(unready, "update ir_module_module set state = 'to install' where name = 'sale'");
        await using var plane = await StartAsync(healthy.Database, unready.Database);

        var rollout = await plane.StartRolloutAsync();

        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "watch", rollout)).Exit);
        Assert.DoesNotContain(
            "t2",
            (await plane.RunAsync("rollout", "show", rollout)).Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_database_that_is_too_large_is_refused_with_the_bound_to_raise()
    {
        var shop = await OdooShopAsync();
        await using var plane = await StartAsync(shop.Database);

        await AssertRefusedAsync(plane, "raise that (--max-database-mb)", "--max-database-mb", "1");

        var raised = await plane.RunAsync("rollout", "plan", "--release", "2026.11.2", "--max-database-mb", "100");
        Assert.Equal(ExitCodes.Done, raised.Exit);
    }

    [Fact]
    public async Task A_database_that_is_gone_is_refused()
    {
        var shop = await OdooShopAsync();
        await using var plane = await StartAsync(shop.Database);
        await cluster.Cluster.Postgres.ExecuteAsync("postgres", $"drop database {shop.Database}");

        await AssertRefusedAsync(plane, $"database {shop.Database} of t1 does not exist");
    }

    [Fact]
    public async Task A_session_of_a_stranger_is_refused_until_the_tenant_declares_its_role()
    {
        var shop = await OdooShopAsync();
        await using var plane = await StartAsync(shop.Database);
        await using var stranger = await cluster.Cluster.Postgres.OpenAsync(shop.Database);

        await AssertRefusedAsync(plane, "externalRoles");

        var fleet = await plane.WriteFleetAsync([shop.Database], "postgres");
        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("fleet", "apply", "--file", fleet)).Exit);
        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "plan", "--release", "2026.11.2")).Exit);
    }

    [Fact]
    public async Task A_module_that_the_release_does_not_bring_is_refused()
    {
        var shop = await OdooShopAsync();
        await using var plane = await StartAsync(shop.Database);
        plane.Script.Missing = ["stock_custom"];

        await AssertRefusedAsync(plane, "has stock_custom installed, and 2026.11.2 does not bring it");
    }

    [Theory]
    [InlineData("nowhere", ExitCodes.Blocked, "database nowhere of t2 does not exist")]
    [InlineData("postgres", ExitCodes.Blocked, "is not an Odoo database")]
    [InlineData("a23456789b23456789c23456789d23456789e23456789f234", ExitCodes.Usage, "longer than 48 bytes")]
    [InlineData("shop__next", ExitCodes.Usage, "is not allowed")]
    public async Task A_tenant_that_cannot_be_served_never_enters_the_fleet(string database, int exit, string sentence)
    {
        var shop = await OdooShopAsync();
        await using var plane = await StartAsync(shop.Database);

        var refused = await plane.RunAsync(
            "fleet",
            "apply",
            "--file",
            await plane.WriteFleetAsync([shop.Database, database])
        );

        Assert.Equal(exit, refused.Exit);
        Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("t2", (await plane.RunAsync("tenant", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_rollout_on_a_busy_tenant_is_a_conflict()
    {
        var shop = await OdooShopAsync();
        await using var plane = await StartAsync(shop.Database);
        var migrating = plane.Script.PauseAt("t1", "migrate");
        var first = await plane.StartRolloutAsync();
        await migrating.Reached;

        var second = await plane.RunAsync("rollout", "start", "--release", "2026.11.3");
        migrating.Release();

        Assert.Equal(ExitCodes.Conflict, second.Exit);
        Assert.Contains($"t1 is being worked on by rollout {first}", second.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "watch", first)).Exit);
    }

    /// <summary>The plan leaves the one tenant alone, and no rollout is stored.</summary>
    private static async Task AssertRefusedAsync(ScriptedControlPlane plane, string sentence, params string[] rules)
    {
        var planned = await plane.RunAsync(["rollout", "plan", "--release", "2026.11.2", .. rules]);
        Assert.Equal(ExitCodes.Blocked, planned.Exit);
        Assert.Contains("left alone: t1: ", planned.Output, StringComparison.Ordinal);
        Assert.Contains(sentence, planned.Output, StringComparison.Ordinal);

        var started = await plane.RunAsync(["rollout", "start", "--release", "2026.11.2", .. rules]);
        Assert.Equal(ExitCodes.Blocked, started.Exit);
        Assert.Contains(sentence, started.Error, StringComparison.Ordinal);
        Assert.Contains("next: ", started.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("r-", (await plane.RunAsync("rollout", "list")).Output, StringComparison.Ordinal);
    }

    private Task<ScriptedControlPlane> StartAsync(params IReadOnlyList<string> databases) =>
        ScriptedControlPlane.StartAsync(
            cluster.Cluster.Postgres,
            services => services.AddSingleton<ITenantObserver>(new TenantObserver(cluster.Cluster.Site)),
            databases
        );

    private async Task<Shop> OdooShopAsync()
    {
        var shop = await cluster.Cluster.NewShopAsync();
        await shop.AsAsync(
            shop.OldRole,
            shop.Database,
            "create table ir_module_module (name text, state text, latest_version text)",
            "insert into ir_module_module values ('base', 'installed', '19.0.1.3'), ('sale', 'installed', '19.0.1.2')",
            "create table ir_config_parameter (key text, value text)",
            "create table res_lang (code text, active boolean)",
            "create table ir_cron (active boolean, nextcall timestamp)"
        );
        return shop;
    }

    private async Task ExecuteAsync(Shop shop, string statements)
    {
        await using var connection = await cluster.Cluster.Postgres.OpenAsync(shop.Database);
        foreach (var statement in statements.Replace("{0}", shop.Database, StringComparison.Ordinal).Split("; "))
        {
            await using var command = new Npgsql.NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(Token);
        }
    }
}
