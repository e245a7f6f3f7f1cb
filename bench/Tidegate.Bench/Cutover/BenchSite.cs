using Tidegate.Contracts.Fleet;
using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Story;

namespace Tidegate.Bench.Cutover;

/// <summary>What the cutover benches share: a site of real parts with shops of one pool, and rollouts over them, one tenant at a time.</summary>
internal static class BenchSite
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>The story's shops, all in one pool.</summary>
    public static IReadOnlyList<TenantDocument> Shops { get; } =
    [.. StoryFleet.Cutover.Tenants.Select(tenant => tenant with { Pool = StoryFleet.Cutover.Pools[0].Name })];

    /// <summary>Puts on this machine what is missing, and starts the site.</summary>
    public static async Task<ShopSite> UpAsync(int shops, CancellationToken cancellationToken)
    {
        await Tool.RunAsync(Path.Combine(Repository.Find().Root, "eng", "setup"), [], cancellationToken);
        return await ShopSite.UpAsync(
            Directory.CreateTempSubdirectory("tg-bench-").FullName,
            [.. Shops.Take(shops)],
            TimeProvider.System,
            cancellationToken
        );
    }

    /// <summary>Takes every shop to the release, one after another, and gives the record of it.</summary>
    public static async Task<RolloutView> CarryOutAsync(
        ShopSite site,
        string release,
        CancellationToken cancellationToken
    )
    {
        // Whatever comes of a shop, the next one is tried.
        var rules = new RolloutRules(WaveSizes: [0], FailureBudget: Shops.Count, Concurrency: 1);
        var started = await site.ControlPlane.PostAsync<StartRollout, StartedRollout>(
            "/api/rollouts",
            new StartRollout(release, StoryFleet.Production, rules, Reason: "a bench"),
            cancellationToken
        );
        using var timer = new PeriodicTimer(Look, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var view = await site.ControlPlane.GetAsync<RolloutView>($"/api/rollouts/{started.Id}", cancellationToken);
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

    /// <summary>Seconds that the shop spent in a step.</summary>
    public static double Seconds(this UpgradeView shop, string step) =>
        shop.Steps.Where(ran => ran.Kind == step).Sum(ran => ran.Seconds);

    /// <summary>When the step ended.</summary>
    public static DateTimeOffset EndOf(this StepView step) => step.StartedAt + TimeSpan.FromSeconds(step.Seconds);
}
