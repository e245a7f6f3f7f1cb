using Tidegate.Contracts.Rollouts;

namespace Tidegate.Bench.Cutover;

/// <summary>From the verdict that a release is bad to customers served by the old one again, before and after the swap.</summary>
internal static class WaybackBench
{
    // The journeys find wrong prices after the swap; a migration that raises fails before it.
    private static readonly string[] Migrations =
    [
        "cr.execute('update product_template set list_price = list_price + 1')",
        "raise ValueError('a bad release')",
    ];

    public static async Task<Figures> RunAsync(CancellationToken cancellationToken)
    {
        var shops = BenchSite.Shops.Count;
        await using var site = await BenchSite.UpAsync(shops, cancellationToken);
        await using var visitors = new Visitors(site, shops);
        var ways = new List<WayBack>();
        foreach (var migration in Migrations)
        {
            var release = await site.NextReleaseAsync(migration, cancellationToken);
            var rollout = await BenchSite.CarryOutAsync(site, release.Name, cancellationToken);
            await visitors.AnsweredAsync(cancellationToken);
            ways.AddRange(rollout.Tenants.Select(shop => WayBack.Of(shop, visitors)));
        }

        var seconds = ways.Select(way => way.Seconds).ToList();
        return new()
        {
            ["ways_back"] = ways.Count,
            ["p50_s"] = Figures.Median(seconds),
            ["p95_s"] = Figures.Percentile(seconds, 0.95),
            ["max_s"] = seconds.Max(),
            ["before_swap_p50_s"] = Median(ways.Where(way => !way.WasSwapped), way => way.Seconds),
            ["after_swap_p50_s"] = Median(ways.Where(way => way.WasSwapped), way => way.Seconds),
            ["swap_back_p50_s"] = Median(ways, way => way.Shop.Seconds("swap-back")),
            ["drop_copy_p50_s"] = Median(ways, way => way.Shop.Seconds("drop-copy")),
            ["unfence_p50_s"] = Median(ways, way => way.Shop.Seconds("unfence")),
            ["reopen_p50_s"] = Median(ways, way => way.Shop.Seconds("reopen")),
        };
    }

    private static double Median(IEnumerable<WayBack> ways, Func<WayBack, double> seconds) =>
        Figures.Median(ways.Select(seconds));

    /// <param name="Seconds">From the failed step's end to the first answer that somebody got who had been held.</param>
    private sealed record WayBack(UpgradeView Shop, double Seconds, bool WasSwapped)
    {
        public static WayBack Of(UpgradeView shop, Visitors visitors)
        {
            var failed =
                shop.Steps.FirstOrDefault(step => step.Outcome is "failed" && step.Kind is "migrate" or "verify")
                ?? throw new InvalidOperationException($"{shop.Tenant} did not fail as it should: {shop.Reason}");
            var verdict = failed.EndOf();
            var opened = shop.Steps.Last(step => step.Kind is "reopen").EndOf();
            var flowing = visitors.HeldAt(shop.Tenant, verdict, opened).Min(Visitors.AnsweredAt);
            return new(shop, (flowing - verdict).TotalSeconds, failed.Kind is "verify");
        }
    }
}
