using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Checkpoints;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Restores;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Databases;

namespace Tidegate.IntegrationTests.Restores;

/// <summary>A shop that was upgraded, is open on its new release, and may go back to its checkpoint.</summary>
internal sealed class ReturningShop(Shop shop, SiteLayout layout)
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly UpgradeId _back = UpgradeId.Create($"u-{Guid.CreateVersion7(Clock.GetUtcNow()):n}");
    private KeptState? _state;

    public Shop Shop => shop;

    public string Kept => DatabaseNames.Old(shop.Database, _back);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SitePostgres Site => shop.Cluster.Site;

    // Nothing but checkpoints here: what restores elsewhere has backups to restore from.
    private SiteRestores Restores =>
        new(
            Site,
            new CheckpointDatabases(Site, Clock),
            new(null!, new(layout, Site, null!), null!, null!, null!, null!),
            Clock
        );

    /// <param name="before">What else is in its database, made by its old release.</param>
    /// <param name="migration">What else the upgrade does.</param>
    public static async Task<ReturningShop> OpenAsync(
        SiteCluster cluster,
        SiteLayout layout,
        long rows = 3,
        IReadOnlyList<string>? before = null,
        IReadOnlyList<string>? migration = null
    )
    {
        var shop = await cluster.NewShopAsync(rows);
        await shop.AsAsync(shop.OldRole, shop.Database, [.. before ?? []]);
        await Shop.DoneAsync(() => shop.FenceAsync());
        await Shop.DoneAsync(() => shop.CopyAsync());
        await shop.MigrateAsync();
        await shop.AsAsync(shop.MigratorRole, shop.Copy, [.. migration ?? []]);
        await Shop.DoneAsync(() => shop.SwapAsync());
        await new TenantAccess(cluster.Site).GiveToGenerationAsync(shop.Context(), Token);
        return new(shop, layout);
    }

    public StepContext Context(long epoch = 2) => shop.Context(epoch, _back) with { Rollout = new("w-1") };

    public async Task<KeptState> StateAsync() =>
        _state ??= (await Restores.StatesAsync(shop.Target.Tenant, shop.Database, Token)).Checkpoints[0];

    public async Task<WayBackPrice> PriceAsync() =>
        await Restores.PriceAsync(shop.Database, (await StateAsync()).Since, Token);

    public async Task<PreparedState> PrepareAsync() =>
        await Restores.PrepareAsync(
            new(
                JobId.New(Clock),
                2,
                shop.Target.Tenant,
                shop.Target.Pool,
                shop.Database,
                new RestoreTarget.Checkpoint((await StateAsync()).Upgrade),
                null
            ),
            (_, _) => Task.CompletedTask,
            Token
        );

    public async Task<RestoreSource> SourceAsync()
    {
        var state = await StateAsync();
        return new(state.Database, state.Oid, state.Upgrade, null);
    }

    public Task<StepOutcome> FenceAsync(long epoch = 2) =>
        new FenceHandler(Site, Clock).RunAsync(new Fence(), Context(epoch), Token);

    public async Task<StepOutcome> MeasureAsync(
        LossAcceptance accepted,
        long epoch = 2,
        SitePostgres? through = null,
        WrittenSince? since = null
    ) =>
        await new MeasureLossHandler(layout, through ?? Site, Clock).RunAsync(
            new MeasureLoss(await SourceAsync(), since ?? (await StateAsync()).Since, accepted),
            Context(epoch),
            Token
        );

    public async Task<StepOutcome> AdoptAsync(long epoch = 2, SitePostgres? through = null) =>
        await new AdoptHandler(layout, through ?? Site, new OdooSignals(through ?? Site), Clock).RunAsync(
            new Adopt(await SourceAsync()),
            Context(epoch),
            Token
        );

    public Task<StepOutcome> SwapAsync(long epoch = 2, SitePostgres? through = null) =>
        new SwapHandler(through ?? Site, Clock).RunAsync(new Swap { Keeps = true }, Context(epoch), Token);

    public Task<StepOutcome> SwapBackAsync(long epoch = 2, SitePostgres? through = null) =>
        new SwapBackHandler(through ?? Site, Clock).RunAsync(new SwapBack(), Context(epoch), Token);

    public async Task<StepOutcome> ReturnSourceAsync(long epoch = 2, SitePostgres? through = null) =>
        await new ReturnSourceHandler(through ?? Site, new RestoreSources(layout, through ?? Site), Clock).RunAsync(
            new ReturnSource(await SourceAsync()),
            Context(epoch),
            Token
        );

    /// <summary>Gives the live database back to the release that it is open on.</summary>
    public Task<StepOutcome> UnfenceAsync(long epoch = 2)
    {
        var context = Context(epoch);
        return new UnfenceHandler(Site).RunAsync(
            new Unfence(),
            context with
            {
                Target = context.Target with { From = context.Target.To },
            },
            Token
        );
    }

    public Task WriteAsync(params string[] statements) => shop.AsAsync(shop.NewRole, shop.Database, statements);

    /// <summary>The live database's orders, with everything in them.</summary>
    public Task<string?> OrdersAsync() =>
        shop.Cluster.Postgres.ScalarAsync(
            shop.Database,
            "select string_agg(t::text, ';' order by id) from (select id, note from sale_order) t"
        );

    public Task<string?> OidAsync(string database) =>
        shop.Cluster.Postgres.ScalarAsync(
            "postgres",
            $"select oid::text from pg_database where datname = '{database}'"
        );

    /// <summary>The rows of a kind that were exported.</summary>
    public async Task<ImmutableArray<string>> LostAsync(string key = "orders")
    {
        var file = Path.Combine(Evidence, $"lost-{key}.csv");
        return File.Exists(file) ? [.. (await File.ReadAllLinesAsync(file, Token)).Skip(1)] : [];
    }

    /// <summary>What was measured.</summary>
    public async Task<WayBackPrice> MeasuredAsync()
    {
        var evidence = new Drivers.Odoo.Evidence(Evidence);
        return (await evidence.FindAsync<WayBackPrice>(MeasureLossHandler.File, Token))!;
    }

    private string Evidence => layout.EvidenceOf(new("w-1"), shop.Target.Tenant);

    public static long Number(string? text) => long.Parse(text!, CultureInfo.InvariantCulture);
}
