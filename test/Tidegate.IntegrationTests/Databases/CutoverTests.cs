using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;

namespace Tidegate.IntegrationTests.Databases;

/// <summary>The database part of a cutover, forward and back, by a site role that is no superuser.</summary>
public sealed class CutoverTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    [Fact]
    public async Task After_the_swap_only_the_new_release_gets_in_and_it_finds_the_migrated_database()
    {
        var shop = await cluster.NewShopAsync();
        await shop.ForwardAsync();
        await new TenantAccess(cluster.Site).GiveToGenerationAsync(
            shop.Context(),
            TestContext.Current.CancellationToken
        );

        await shop.AsAsync(
            shop.NewRole,
            shop.Database,
            "update sale_order set promo = 'p'",
            "create table made (id int)"
        );

        Assert.Equal("42501", await shop.RefusalAsync(shop.OldRole, shop.Database));
        Assert.Equal("42501", await shop.RefusalAsync(shop.MigratorRole, shop.Database));
        Assert.Equal("55000", await shop.RefusalAsync(shop.NewRole, shop.Checkpoint));
        Assert.Equal("55000", await shop.RefusalAsync("postgres", shop.Checkpoint));
        Assert.Equal(
            shop.OwnerRole,
            await cluster.Postgres.ScalarAsync(
                shop.Database,
                "select tableowner from pg_tables where tablename = 'made'"
            )
        );
    }

    [Fact]
    public async Task The_way_back_gives_the_original_to_the_old_release_and_leaves_nothing()
    {
        var shop = await cluster.NewShopAsync();
        var before = await shop.StateAsync();
        await shop.ForwardAsync();
        await new TenantAccess(cluster.Site).GiveToGenerationAsync(
            shop.Context(),
            TestContext.Current.CancellationToken
        );

        await shop.BackAsync();

        var after = await shop.StateAsync();
        await cluster.Postgres.ExecuteAsync("postgres", "delete from tidegate.swap"); // the history of what was
        Assert.Equal(before, await shop.StateAsync());
        Assert.Contains(shop.Upgrade.Value, after, StringComparison.Ordinal);
        await shop.AsAsync(shop.OldRole, shop.Database, "insert into sale_order (note) values ('again')");
    }

    [Fact]
    public async Task Every_step_twice_equals_once()
    {
        var shop = await cluster.NewShopAsync();
        (Func<Task<StepOutcome>> Step, bool Migrates)[] steps =
        [
            (() => shop.FenceAsync(), false),
            (() => shop.CopyAsync(), true),
            (() => shop.SwapAsync(), false),
            (() => shop.SwapBackAsync(), false),
            (() => shop.DropCopyAsync(), false),
            (() => shop.UnfenceAsync(), false),
        ];
        foreach (var (step, migrates) in steps)
        {
            await Shop.DoneAsync(step);
            var once = await shop.StateAsync();

            await Shop.DoneAsync(step);

            Assert.Equal(once, await shop.StateAsync());
            if (migrates)
            {
                await shop.MigrateAsync();
            }
        }
    }

    [Fact]
    public async Task The_way_back_of_an_upgrade_that_never_began_changes_nothing()
    {
        var shop = await cluster.NewShopAsync();
        var before = await shop.StateAsync();

        await shop.BackAsync();

        Assert.Equal(before, await shop.StateAsync());
    }
}
