using Npgsql;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Databases;

/// <summary>
/// A control plane that dies between any two statements: each step is cut at its 1st, 2nd, 3rd … message, with and
/// without that message reaching the server, and run again by a successor.
/// </summary>
public sealed class CutStepTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Length", "long")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_fence_is_finished_by_the_next_run(bool deliver) =>
        await SweepAsync(
            deliver,
            _ => Task.CompletedTask,
            (shop, site, epoch) =>
                new FenceHandler(site, TimeProvider.System).RunAsync(new(), shop.Context(epoch), Token)
        );

    [Theory]
    [Trait("Length", "long")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_copy_is_made_anew_by_the_next_run(bool deliver) =>
        await SweepAsync(
            deliver,
            shop => shop.FenceAsync(),
            (shop, site, epoch) =>
                new CopyHandler(site, TimeProvider.System).RunAsync(new(), shop.Context(epoch), Token)
        );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_swap_happened_or_did_not(bool deliver) =>
        await SweepAsync(
            deliver,
            async shop =>
            {
                await shop.FenceAsync();
                await shop.CopyAsync();
                await shop.MigrateAsync();
            },
            (shop, site, epoch) =>
                new SwapHandler(site, TimeProvider.System).RunAsync(new(), shop.Context(epoch), Token)
        );

    [Theory]
    [Trait("Length", "long")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_swap_back_happened_or_did_not(bool deliver) =>
        await SweepAsync(
            deliver,
            shop => shop.ForwardAsync(),
            (shop, site, epoch) =>
                new SwapBackHandler(site, TimeProvider.System).RunAsync(new(), shop.Context(epoch), Token)
        );

    [Theory]
    [Trait("Length", "long")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_drop_is_finished_by_the_next_run(bool deliver) =>
        await SweepAsync(
            deliver,
            async shop =>
            {
                await shop.ForwardAsync();
                await shop.SwapBackAsync();
            },
            (shop, site, epoch) =>
                new DropCopyHandler(site, TimeProvider.System).RunAsync(new(), shop.Context(epoch), Token)
        );

    [Theory]
    [Trait("Length", "long")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_unfence_is_finished_by_the_next_run(bool deliver) =>
        await SweepAsync(
            deliver,
            shop => shop.FenceAsync(),
            (shop, site, epoch) => new UnfenceHandler(site).RunAsync(new(), shop.Context(epoch), Token)
        );

    private async Task SweepAsync(
        bool deliver,
        Func<Shop, Task> prepare,
        Func<Shop, SitePostgres, long, Task<StepOutcome>> step
    )
    {
        for (var cutAt = 1; ; cutAt++)
        {
            var shop = await cluster.NewShopAsync();
            await prepare(shop);
            await using var proxy = new CuttingProxy(cluster.Site, cutAt, deliver);

            await CutAsync(() => step(shop, proxy.Site, 1));
            await IsConsistentAsync(shop);
            await Shop.DoneAsync(() => step(shop, cluster.Site, 2));
            await IsConsistentAsync(shop);

            await shop.BackAsync(epoch: 3);
            await shop.AsAsync(shop.OldRole, shop.Database, "insert into sale_order (note) values ('served')");
            Assert.Equal("1", await DatabasesAsync(shop));
            if (!proxy.HasCut)
            {
                return;
            }
        }
    }

    private static async Task CutAsync(Func<Task<StepOutcome>> step)
    {
        try
        {
            await step();
        }
        catch (NpgsqlException)
        {
            // cut
        }
    }

    // Whatever was cut: the tenant's name is there; a checkpoint means swapped, row and all; and old code is never
    // let into the migrated database.
    private async Task IsConsistentAsync(Shop shop)
    {
        Assert.Equal(
            "ok",
            await cluster.Postgres.ScalarAsync(
                "postgres",
                $"""
                select case
                    when live.oid is null then 'no live database'
                    when (old.oid is not null) <> (held.upgrade is not null) then 'swap without its row, or the reverse'
                    when held.upgrade is not null and (held.oid_after <> live.oid::bigint or held.oid_before <> old.oid::bigint)
                        then 'the row names other databases'
                    when held.upgrade is not null and has_database_privilege('{shop.OldRole}', live.oid, 'CONNECT')
                        then 'old code may connect to the migrated database'
                    else 'ok' end
                  from (select 1) one
                  left join pg_database live on live.datname = '{shop.Database}'
                  left join pg_database old on old.datname = '{shop.Checkpoint}'
                  left join tidegate.swap held on held.upgrade = '{shop.Upgrade}' and held.swapped_back_at is null
                """
            )
        );
    }

    private Task<string?> DatabasesAsync(Shop shop) =>
        cluster.Postgres.ScalarAsync(
            "postgres",
            $"select count(*) from pg_database where datname ~ '^{shop.Database}(__.*)?$'"
        );
}
