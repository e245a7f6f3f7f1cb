using Tidegate.Contracts.Fleet;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Story;

namespace Tidegate.Bench.Cutover;

/// <summary>What the cutover benches share: a site of real parts with shops of one pool, and rollouts over them, one tenant at a time.</summary>
internal static class BenchSite
{
    /// <summary>Of all that a bench orders.</summary>
    public const string Reason = "a bench";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>The story's shops, all in one pool.</summary>
    public static IReadOnlyList<TenantDocument> Shops { get; } =
    [.. StoryFleet.Cutover.Tenants.Select(tenant => tenant with { Pool = StoryFleet.Cutover.Pools[0].Name })];

    /// <summary>One shop after another; whatever comes of one, the next is tried.</summary>
    private static RolloutRules Rules => new(WaveSizes: [0], FailureBudget: Shops.Count, Concurrency: 1);

    /// <summary>Puts on this machine what is missing, and starts the site with so many of <see cref="Shops"/>.</summary>
    public static Task<ShopSite> UpAsync(int shops, CancellationToken cancellationToken) =>
        UpAsync([.. Shops.Take(shops)], cancellationToken);

    /// <summary>Puts on this machine what is missing, and starts the site with these shops.</summary>
    public static async Task<ShopSite> UpAsync(IReadOnlyList<TenantDocument> shops, CancellationToken cancellationToken)
    {
        await Tool.RunAsync(Path.Combine(Repository.Find().Root, "eng", "setup"), [], cancellationToken);
        return await ShopSite.UpAsync(
            Directory.CreateTempSubdirectory("tg-bench-").FullName,
            shops,
            TimeProvider.System,
            cancellationToken
        );
    }

    /// <summary>Gives a shop years of trade, as <c>samples/shopdata</c> makes them.</summary>
    /// <param name="megabytes">How large its database is afterwards.</param>
    public static Task FillAsync(
        ShopSite site,
        TenantDocument shop,
        int megabytes,
        CancellationToken cancellationToken
    ) =>
        new ShopData(megabytes, Seed: 1).FillAsync(
            Repository.Find().Root,
            site.Layout.Cluster,
            shop.Database,
            site.Layout.Filestore(new PoolName(shop.Pool), shop.Database),
            cancellationToken
        );

    /// <summary>What <see cref="CarryOutAsync(ShopSite, string, CancellationToken)"/> would do now.</summary>
    public static Task<PlanView> PlanAsync(ShopSite site, string release, CancellationToken cancellationToken) =>
        site.ControlPlane.PostAsync<PlanRollout, PlanView>(
            "/api/plans",
            new(release, StoryFleet.Production, Rules),
            cancellationToken
        );

    /// <summary>Takes every shop to the release, one after another, and gives the record of it.</summary>
    public static Task<RolloutView> CarryOutAsync(ShopSite site, string release, CancellationToken cancellationToken) =>
        CarryOutAsync(site, new StartRollout(release, StoryFleet.Production, Rules, Reason: Reason), cancellationToken);

    /// <summary>Carries out exactly this plan, and gives the record of it.</summary>
    public static Task<RolloutView> CarryOutAsync(ShopSite site, PlanView plan, CancellationToken cancellationToken) =>
        CarryOutAsync(
            site,
            new StartRollout(plan.Release, plan.Environment, Rules, plan.Hash, Reason),
            cancellationToken
        );

    /// <summary>Waits until a rollout has ended, and gives the record of it.</summary>
    public static async Task<RolloutView> EndAsync(ShopSite site, string rollout, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var view = await site.ControlPlane.GetAsync<RolloutView>($"/api/rollouts/{rollout}", cancellationToken);
            if (view.State is "ended")
            {
                return view;
            }

            if (view.Tenants.FirstOrDefault(tenant => tenant.State is "asking") is { } asking)
            {
                throw new InvalidOperationException($"{asking.Tenant} asks a person: {asking.Reason}");
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Waits until a job is done, and gives the record of it.</summary>
    /// <exception cref="InvalidOperationException">It failed or was cancelled.</exception>
    public static async Task<JobView> EndJobAsync(ShopSite site, string id, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var job = await site.ControlPlane.GetAsync<JobView>($"/api/jobs/{id}", cancellationToken);
            if (job.State is "ended")
            {
                return job.Outcome is "done"
                    ? job
                    : throw new InvalidOperationException(
                        $"The {job.Kind} of {job.Subject}: {job.Failure ?? job.Outcome}"
                    );
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Seconds that the shop spent in a step.</summary>
    public static double Seconds(this UpgradeView shop, string step) =>
        shop.Steps.Where(ran => ran.Kind == step).Sum(ran => ran.Seconds);

    /// <summary>When the step ended.</summary>
    public static DateTimeOffset EndOf(this StepView step) => step.StartedAt + TimeSpan.FromSeconds(step.Seconds);

    private static async Task<RolloutView> CarryOutAsync(
        ShopSite site,
        StartRollout order,
        CancellationToken cancellationToken
    )
    {
        var started = await site.ControlPlane.PostAsync<StartRollout, StartedRollout>(
            "/api/rollouts",
            order,
            cancellationToken
        );
        return await EndAsync(site, started.Id, cancellationToken);
    }
}
