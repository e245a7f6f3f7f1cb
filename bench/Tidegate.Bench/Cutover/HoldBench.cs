using Tidegate.Contracts.Rollouts;

namespace Tidegate.Bench.Cutover;

/// <summary>How long a shop is held while it changes release, against the least that anybody can do: see <see cref="Floor"/>.</summary>
internal static class HoldBench
{
    private const int Releases = 2;
    private const int FloorsPerRelease = 3;

    // Drain is what the step "hold" waits for; "verify" makes the journeys.
    private static readonly string[] Parts = ["fence", "copy", "migrate", "judge", "swap", "warm", "open"];

    public static async Task<Figures> RunAsync(CancellationToken cancellationToken)
    {
        var shops = BenchSite.Shops.Count;
        await using var site = await BenchSite.UpAsync(shops, cancellationToken);
        await using var visitors = new Visitors(site, shops);
        var held = new List<UpgradeView>();
        var waits = new List<double>();
        var floors = new List<Floor>();
        for (var number = 1; number <= Releases; number++)
        {
            var release = await site.NextReleaseAsync("pass", cancellationToken);
            var rollout = await BenchSite.CarryOutAsync(site, release.Name, cancellationToken);
            await visitors.AnsweredAsync(cancellationToken);
            foreach (var shop in rollout.Tenants)
            {
                held.Add(
                    shop.Ending is "completed"
                        ? shop
                        : throw new InvalidOperationException($"{shop.Ending}: {shop.Reason}")
                );
                waits.Add(LongestWait(visitors, shop));
            }

            for (var floor = 1; floor <= FloorsPerRelease; floor++)
            {
                floors.Add(await Floor.MeasureAsync(site, release.Digest, $"{number}{floor}", cancellationToken));
            }
        }

        return Summarise(held, waits, floors);
    }

    /// <summary>Of those who were held, who waited longest.</summary>
    private static double LongestWait(Visitors visitors, UpgradeView shop)
    {
        var began = shop.Steps.First(step => step.Kind is "hold").StartedAt;
        var ended = shop.Steps.Last(step => step.Kind is "open").EndOf();
        return visitors.HeldAt(shop.Tenant, began, ended).Max(sent => sent.Latency.TotalSeconds);
    }

    private static Figures Summarise(List<UpgradeView> held, List<double> waits, List<Floor> floors)
    {
        var holds = held.Select(shop => shop.HoldSeconds!.Value).ToList();
        var floor = Figures.Median(floors.Select(one => one.Seconds));
        var figures = new Figures
        {
            ["holds"] = holds.Count,
            ["hold_p50_s"] = Figures.Median(holds),
            ["hold_p95_s"] = Figures.Percentile(holds, 0.95),
            ["hold_max_s"] = holds.Max(),
            ["client_wait_p50_s"] = Figures.Median(waits),
            ["client_wait_max_s"] = waits.Max(),
            ["floor_p50_s"] = floor,
            ["over_floor_p50_s"] =
                Figures.Median(held.Select(shop => shop.HoldSeconds!.Value - shop.Seconds("verify"))) - floor,
            ["journeys_p50_s"] = Median("verify"),
            ["drain_p50_s"] = Median("hold"),
        };
        foreach (var part in Parts)
        {
            figures[$"{part}_p50_s"] = Median(part);
        }

        figures["floor_copy_p50_s"] = Figures.Median(floors.Select(one => one.Copy));
        figures["floor_migrate_p50_s"] = Figures.Median(floors.Select(one => one.Migrate));
        figures["floor_page_p50_s"] = Figures.Median(floors.Select(one => one.Page));
        return figures;

        double Median(string step) => Figures.Median(held.Select(shop => shop.Seconds(step)));
    }
}
