using Tidegate.Drivers.Databases;

namespace Tidegate.IntegrationTests.Databases;

/// <summary>What stands in a cutover's way is said before anything is touched.</summary>
public sealed class ReadinessTests(LogicalSite cluster) : IClassFixture<LogicalSite>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_healthy_shop_is_ready()
    {
        var shop = await OdooShopAsync();

        var readiness = await ReadAsync(shop.Database);

        Assert.Empty(readiness.Refusals);
        Assert.True(readiness.Exists);
        Assert.InRange(readiness.SizeBytes, 1, readiness.FreeBytes);
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_refused()
    {
        var readiness = await ReadAsync("nowhere");

        Assert.False(readiness.Exists);
        Assert.Contains("does not exist", Assert.Single(readiness.Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_takes_no_copy_and_its_log_is_refused_with_the_numbers()
    {
        Assert.Null(DiskRoom.Refusal("shop", size: 100 << 20, free: 120 << 20));

        var refusal = DiskRoom.Refusal("shop", size: 100 << 20, free: 119 << 20);

        Assert.Contains("needs 120 MB", refusal, StringComparison.Ordinal);
        Assert.Contains("119 MB free", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leaves_no_room_for_a_copy_is_refused()
    {
        var readiness = await ReadAsync(new string('a', 60));

        Assert.Contains(readiness.Refusals, refusal => refusal.Contains("longer than", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("update ir_module_module set state = 'to upgrade'", "sale (to upgrade)")]
    [InlineData(
        "update ir_module_module set state = 'to upgrade'; insert into ir_cron values (true, '2020-01-01')",
        "five hours"
    )]
    [InlineData("drop table ir_module_module", "no Odoo database")]
    [InlineData(
        "begin; insert into ir_cron values (true, now()); prepare transaction 'gid-{0}'",
        "gid-{0}",
        "rollback prepared 'gid-{0}'" // it would keep the slot below waiting
    )]
    [InlineData("select pg_create_logical_replication_slot('slot_{0}', 'pgoutput')", "slot_{0}")]
    [InlineData(
        "create subscription sub_{0} connection 'host=/nowhere' publication p with (connect = false)",
        "sub_{0}"
    )]
    [InlineData("alter database {0} set log_min_duration_statement to '1s'", "log_min_duration_statement")]
    public async Task Each_obstacle_is_named_in_a_sentence(string obstacle, string named, string undo = "select 1")
    {
        var shop = await OdooShopAsync();
        string For(string text) => text.Replace("{0}", shop.Database, StringComparison.Ordinal);
        await using (var connection = await cluster.Cluster.Postgres.OpenAsync(shop.Database))
        {
            foreach (var statement in For(obstacle).Split("; "))
            {
                await using var command = new Npgsql.NpgsqlCommand(statement, connection);
                await command.ExecuteNonQueryAsync(Token);
            }
        }

        var readiness = await ReadAsync(shop.Database);

        Assert.Contains(readiness.Refusals, refusal => refusal.Contains(For(named), StringComparison.Ordinal));
        await cluster.Cluster.Postgres.ExecuteAsync(shop.Database, For(undo));
    }

    [Fact]
    public async Task A_database_that_another_upgrade_has_fenced_is_refused()
    {
        var shop = await OdooShopAsync();
        await shop.FenceAsync();

        var readiness = await ReadAsync(shop.Database);

        Assert.Contains("is closed", Assert.Single(readiness.Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_undeclared_roles_session_is_refused_and_a_declared_ones_is_not()
    {
        var shop = await OdooShopAsync();
        await using var stranger = await cluster.Cluster.Postgres.OpenAsync(shop.Database);

        var undeclared = await ReadAsync(shop.Database);
        var declared = await ReadAsync(shop.Database, "postgres");

        Assert.Contains("Role postgres is connected", Assert.Single(undeclared.Refusals), StringComparison.Ordinal);
        Assert.Empty(declared.Refusals);
    }

    private async Task<Shop> OdooShopAsync()
    {
        var shop = await cluster.Cluster.NewShopAsync();
        await shop.AsAsync(
            shop.OldRole,
            shop.Database,
            "create table ir_module_module (name text, state text)",
            "insert into ir_module_module values ('sale', 'installed')",
            "create table ir_cron (active boolean, nextcall timestamp)"
        );
        return shop;
    }

    private Task<DatabaseReadiness> ReadAsync(string database, params string[] declared) =>
        DatabaseReadiness.ReadAsync(cluster.Cluster.Site, database, declared, Token);
}

/// <summary>A site whose cluster knows logical replication and prepared transactions.</summary>
public sealed class LogicalSite : IAsyncLifetime
{
    public SiteCluster Cluster { get; } = new() { Settings = "wal_level=logical\nmax_prepared_transactions=5" };

    public ValueTask InitializeAsync() => Cluster.InitializeAsync();

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
