using Npgsql;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Databases;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Restores;

/// <summary>
/// A control plane that dies between any two statements of a way back: each step is cut at its 1st, 2nd, 3rd … message,
/// with and without that message reaching the server. Its successor goes on to the end, or gives up there and then. The
/// steps that read whole databases are cut at one message of three, the two ways of cutting at different ones.
/// </summary>
public sealed class CutWayBackTests(SiteCluster cluster) : IClassFixture<SiteCluster>, IDisposable
{
    private static readonly LossAcceptance All = new(null, true);

    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-restores-").FullName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Length", "long")]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_cut_count_is_done_again_or_given_up(bool deliver) =>
        SweepAsync(deliver, "measure-loss", every: 3, (shop, epoch, through) => shop.MeasureAsync(All, epoch, through));

    [Theory]
    [Trait("Length", "long")]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_cut_adoption_is_finished_or_given_up(bool deliver) =>
        SweepAsync(deliver, "adopt", every: 3, (shop, epoch, through) => shop.AdoptAsync(epoch, through));

    [Theory]
    [Trait("Length", "long")]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_cut_swap_happened_or_did_not(bool deliver) =>
        SweepAsync(deliver, "swap", every: 1, (shop, epoch, through) => shop.SwapAsync(epoch, through));

    [Theory]
    [Trait("Length", "long")]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_cut_swap_back_happened_or_did_not(bool deliver) =>
        SweepAsync(deliver, "swap-back", every: 1, (shop, epoch, through) => shop.SwapBackAsync(epoch, through));

    [Theory]
    [Trait("Length", "long")]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_cut_return_is_finished_by_the_next_run(bool deliver) =>
        SweepAsync(
            deliver,
            "return-source",
            every: 1,
            (shop, epoch, through) => shop.ReturnSourceAsync(epoch, through)
        );

    public void Dispose() => Directory.Delete(_layout.Home, recursive: true);

    private async Task SweepAsync(
        bool deliver,
        string name,
        int every,
        Func<ReturningShop, long, SitePostgres?, Task<StepOutcome>> step
    )
    {
        for (var cutAt = deliver ? 1 : 2; ; cutAt += every)
        {
            var shop = await ReturningShop.OpenAsync(cluster, _layout);
            await shop.WriteAsync("insert into sale_order (note) values ('lost')");
            await shop.StateAsync();
            var (before, orders) = (await StateAsync(shop), await shop.OrdersAsync());
            foreach (var earlier in Steps.TakeWhile(earlier => earlier.Name != name))
            {
                await Shop.DoneAsync(() => earlier.RunAsync(shop, 2));
            }

            await using var proxy = new CuttingProxy(cluster.Site, cutAt, deliver);
            await CutAsync(() => step(shop, 2, proxy.Site));

            // One successor in two goes on from here, the other is told to give up.
            var isBackwards = name is "swap-back" or "return-source";
            if (isBackwards || cutAt % 2 == 0)
            {
                await Shop.DoneAsync(() => step(shop, 3, null));
                Assert.Empty(Unfinished());
            }

            if (!isBackwards && cutAt % 2 == 0)
            {
                foreach (var later in Steps.SkipWhile(later => later.Name != name).Skip(1).Take(2))
                {
                    if (later.Name is "adopt" or "swap")
                    {
                        await Shop.DoneAsync(() => later.RunAsync(shop, 3));
                    }
                }

                await WentBackAsync(shop);
            }

            await Shop.DoneAsync(() => shop.SwapBackAsync(4));
            await Shop.DoneAsync(() => shop.ReturnSourceAsync(4));
            await Shop.DoneAsync(() => shop.UnfenceAsync(4));
            Assert.Equal(before, await StateAsync(shop));
            Assert.Equal(orders, await shop.OrdersAsync());
            await shop.WriteAsync("insert into sale_order (note) values ('serves on')");
            if (!proxy.HasCut)
            {
                Assert.True(cutAt > 3, $"{name} was never cut");
                return;
            }
        }
    }

    private static readonly (string Name, Func<ReturningShop, long, Task<StepOutcome>> RunAsync)[] Steps =
    [
        ("fence", (shop, epoch) => shop.FenceAsync(epoch)),
        ("measure-loss", (shop, epoch) => shop.MeasureAsync(All, epoch)),
        ("adopt", (shop, epoch) => shop.AdoptAsync(epoch)),
        ("swap", (shop, epoch) => shop.SwapAsync(epoch)),
        ("swap-back", (shop, epoch) => shop.SwapBackAsync(epoch)),
        ("return-source", (shop, epoch) => shop.ReturnSourceAsync(epoch)),
    ];

    /// <summary>The tenant's database is its checkpoint's state, goes on counting behind what it gave out, and what was lost is written down.</summary>
    private async Task WentBackAsync(ReturningShop shop)
    {
        var state = await shop.StateAsync();
        Assert.Equal($"{state.Oid}", await shop.OidAsync(shop.Shop.Database));
        Assert.Single(await shop.LostAsync());
        await using var inside = await cluster.Site.OpenAsync(shop.Shop.Database, DatabaseNames.SiteRole, Token);
        Assert.Equal(
            (0L, 4L),
            (
                await inside.ScalarAsync<long>("select count(*) from sale_order where note = 'lost'", [], Token),
                await inside.ScalarAsync<long>("select last_value from sale_order_id_seq", [], Token)
            )
        );
    }

    private string[] Unfinished() => Directory.GetFiles(_layout.Evidence, "*.new", SearchOption.AllDirectories);

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

    /// <summary>Everything but the history of swaps that were reversed.</summary>
    private async Task<string?> StateAsync(ReturningShop shop)
    {
        await cluster.Postgres.ExecuteAsync("postgres", "delete from tidegate.swap where swapped_back_at is not null");
        return await shop.Shop.StateAsync();
    }
}
