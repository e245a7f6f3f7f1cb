using Npgsql;
using Tidegate.ControlPlane.Checkpoints;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Checkpoints;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.IntegrationTests.Databases;

/// <summary>Two control planes, one of them old.</summary>
public sealed class FencingEpochTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stale_control_plane_changes_nothing_whatever_it_tries()
    {
        var shop = await cluster.NewShopAsync();
        await StaleChangesNothingAsync(shop);
        await shop.FenceAsync(epoch: 7);
        await StaleChangesNothingAsync(shop);
        await shop.CopyAsync(epoch: 7);
        await StaleChangesNothingAsync(shop);
        await shop.MigrateAsync(epoch: 7);
        await StaleChangesNothingAsync(shop);
        await shop.SwapAsync(epoch: 7);
        await StaleChangesNothingAsync(shop);
    }

    [Fact]
    public async Task A_successor_ends_the_sessions_of_its_predecessor_and_of_its_migrators()
    {
        var shop = await cluster.NewShopAsync();
        await shop.FenceAsync();
        await shop.CopyAsync();
        await using var migrator = await cluster.Postgres.OpenAsync(shop.Copy, shop.MigratorRole);
        await ExecuteAsync(
            migrator,
            $"set application_name = '{FencedSession.ApplicationName(shop.Target.Tenant, 1)}'"
        );
        await using var neighbour = await cluster.Postgres.OpenAsync("postgres", DatabaseNames.SiteRole);
        await ExecuteAsync(neighbour, "set application_name = 'tidegate:another:1'");

        await using var successor = await FencedSession.OpenAsync(cluster.Site, shop.Target.Tenant, 2, Token);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(migrator, "select 1"));
        await ExecuteAsync(neighbour, "select 1");
    }

    [Fact]
    public async Task Asking_whether_one_is_old_refuses_the_old_one_and_raises_nothing()
    {
        var shop = await cluster.NewShopAsync();
        await using (await FencedSession.OpenAsync(cluster.Site, shop.Target.Tenant, 7, Token)) { }

        await Assert.ThrowsAsync<StaleEpochException>(() => AskAsync(6));
        await AskAsync(7);
        await AskAsync(8);
        await using var mine = await FencedSession.OpenAsync(cluster.Site, shop.Target.Tenant, 7, Token);

        Task AskAsync(long epoch) => FencedSession.RefuseIfStaleAsync(cluster.Site, shop.Target.Tenant, epoch, Token);
    }

    [Fact]
    public async Task A_control_plane_frozen_inside_its_transaction_does_not_stop_the_successor()
    {
        var shop = await cluster.NewShopAsync();
        await using var frozen = await cluster.Postgres.OpenAsync("postgres", DatabaseNames.SiteRole);
        await ExecuteAsync(frozen, $"set application_name = '{FencedSession.ApplicationName(shop.Target.Tenant, 1)}'");
        await ExecuteAsync(frozen, "begin");
        await ExecuteAsync(frozen, $"insert into tidegate.tenant_epoch values ('{shop.Target.Tenant}', 1)");
        await ExecuteAsync(frozen, $"alter database {shop.Database} allow_connections false");

        await Shop.DoneAsync(() => shop.FenceAsync(epoch: 2));

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(frozen, "commit"));
    }

    [Fact]
    public async Task Two_control_planes_at_once_end_as_if_only_the_newer_had_run()
    {
        for (var round = 0; round < 5; round++)
        {
            var shop = await cluster.NewShopAsync();
            var older = AttemptAsync(async () =>
            {
                await shop.FenceAsync(epoch: 1);
                return await shop.CopyAsync(epoch: 1);
            });

            await Shop.DoneAsync(() => shop.FenceAsync(epoch: 2));
            await Shop.DoneAsync(() => shop.CopyAsync(epoch: 2));
            await older;
            await shop.MigrateAsync(epoch: 2);
            await Shop.DoneAsync(() => shop.SwapAsync(epoch: 2));

            Assert.IsType<StepOutcome.Unknown>(await shop.SwapBackAsync(epoch: 1));
        }
    }

    private static async Task StaleChangesNothingAsync(Shop shop)
    {
        await using (await FencedSession.OpenAsync(shop.Cluster.Site, shop.Target.Tenant, 7, Token))
        {
            // the site has seen 7
        }

        var before = await shop.StateAsync();
        Func<Task<StepOutcome>>[] steps =
        [
            () => shop.FenceAsync(6),
            () => shop.CopyAsync(6),
            () => shop.SwapAsync(6),
            () => shop.SwapBackAsync(6),
            () => shop.DropCopyAsync(6),
            () => shop.UnfenceAsync(6),
        ];
        foreach (var step in steps)
        {
            Assert.IsType<StepOutcome.Unknown>(await step());
        }

        var (site, stale) = (shop.Cluster.Site, shop.Context(epoch: 6));
        var kept = new KeptCheckpoint(shop.Upgrade, shop.Target.Tenant, shop.Database, shop.Checkpoint, 0, default);
        Func<Task>[] calls =
        [
            () => new TenantCopy(site).MarkMigrationBegunAsync(stale, Token),
            () => new TenantAccess(site).GiveToGenerationAsync(stale, Token),
            () => new TenantAccess(site).GiveToOthersAsync(stale, Token),
            () => new OdooSignals(site).RaiseAsync(stale, Token),
            () => Checkpoints(site).DropAsync(kept, epoch: 6, Token),
        ];
        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<StaleEpochException>(call);
        }

        Assert.Equal(before, await shop.StateAsync());
    }

    private static SiteCheckpoints Checkpoints(SitePostgres site) =>
        new(
            new SiteLayout(Path.Combine(Path.GetTempPath(), "nowhere")),
            site,
            new CheckpointDatabases(site, TimeProvider.System)
        );

    private static async Task AttemptAsync(Func<Task<StepOutcome>> work)
    {
        try
        {
            await work();
        }
        catch (NpgsqlException)
        {
            // its session was ended by the newer one
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
