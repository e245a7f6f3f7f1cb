using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Checkpoints;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.OdooTests.Runtimes;

/// <summary>The runtime's steps of one cutover, and of one way back, on real Odoo.</summary>
[Trait("Length", "long")]
public sealed class RuntimeStepTests(MovingShop shop) : IClassFixture<MovingShop>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shop_moves_to_a_new_generation_and_the_old_one_goes_after_a_way_back_it_stayed_on()
    {
        Assert.Equal(200, await shop.VisitAsync());
        await GoAndComeBackAsync();
        await MoveAsync();
    }

    private async Task GoAndComeBackAsync()
    {
        var context = shop.Claim(MovingShop.NewUpgrade());
        await shop.DoneAsync(
            new StartGenerationHandler(shop.Layout, shop.Runtime, shop.Retirement),
            new StartGeneration(),
            context
        );
        await shop.DoneAsync(new QuiesceHandler(shop.Layout, shop.Runtime), new Quiesce(Bound), context);
        Assert.Empty((await OldAsync()).Cron);

        await shop.DoneAsync(
            new ReopenTenantHandler(shop.Layout, shop.Runtime, new(shop.Gateway, shop.Routing)),
            new Reopen(),
            context
        );
        await shop.DoneAsync(new CleanUpHandler(shop.Layout, shop.Runtime, shop.Retirement), new CleanUp(), context);

        var evidence = shop.Layout.EvidenceOf(context.Rollout, context.Target.Tenant);
        Assert.Contains(
            "HTTP service (werkzeug) running",
            await File.ReadAllTextAsync(Path.Combine(evidence, CleanUpHandler.LogFile), Cancelled),
            StringComparison.Ordinal
        );
        Assert.Contains(context.Target.Database, (await OldAsync()).Cron);
        Assert.Null(await shop.Runtime.FindAsync(shop.Pool, shop.Second.Digest, Cancelled));
        Assert.Equal(200, await shop.VisitAsync());
    }

    private async Task MoveAsync()
    {
        var (site, clock) = (shop.Layout.Cluster, TimeProvider.System);
        var context = shop.Claim(MovingShop.NewUpgrade());
        await shop.DoneAsync(
            new StartGenerationHandler(shop.Layout, shop.Runtime, shop.Retirement),
            new StartGeneration(),
            context
        );
        await shop.DoneAsync(new QuiesceHandler(shop.Layout, shop.Runtime), new Quiesce(Bound), context);
        await shop.DoneAsync(new HoldHandler(shop.Gateway, clock), new Hold(Bound, Bound), context);
        var visit = shop.VisitAsync();
        await shop.DoneAsync(new FenceHandler(site, clock), new Fence(), context);
        await shop.DoneAsync(new CopyHandler(site, clock), new Copy(), context);
        await shop.DoneAsync(new SwapHandler(site, clock), new Swap(), context);
        await shop.DoneAsync(shop.Warm, new Warm(), context);
        await shop.DoneAsync(shop.Warm, new Warm(), context);
        await shop.DoneAsync(new OpenHandler(shop.Layout, shop.Runtime, shop.Routing), new Open(), context);
        await shop.DoneAsync(new OpenHandler(shop.Layout, shop.Runtime, shop.Routing), new Open(), context);
        Assert.Equal(200, await visit);

        await shop.DoneAsync(
            new RetireHandler(
                shop.Layout,
                shop.Retirement,
                shop.Gateway,
                new SiteCheckpoints(shop.Layout, site, new CheckpointDatabases(site, clock)),
                new RestoreSources(shop.Layout, site)
            ),
            new Retire(),
            context
        );
        Assert.Null(await shop.Runtime.FindAsync(shop.Pool, shop.First.Digest, Cancelled));
        Assert.Equal(200, await shop.VisitAsync());
        Assert.Equal(
            ["cron", "gateway", "migrator", "postgres", "web"],
            shop.Site.Status()
                .Processes.Where(process => process.Pid is not null)
                .Select(process => process.Name.Split('.')[0])
        );

        var stale = shop.Claim(context.Upgrade) with { Epoch = context.Epoch - 1 };
        var late = await new QuiesceHandler(shop.Layout, shop.Runtime).RunAsync(new Quiesce(Bound), stale, Cancelled);
        Assert.IsType<StepOutcome.Unknown>(late);
    }

    private async Task<TenantList> OldAsync() =>
        (await shop.Runtime.ListsAsync(shop.Pool, shop.First.Digest, Cancelled)).Read();
}
