using Tidegate.Bench.Cutover;
using Tidegate.Contracts.Backups;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.Rehearsals;
using Tidegate.Demo.Shops;

namespace Tidegate.Bench.Rehearsals;

/// <summary>The hold that a plan predicts of a rehearsed tenant, against the hold that the same plan's cutover then has.</summary>
internal static class PredictionBench
{
    public static async Task<Figures> RunAsync(PredictionOptions options, CancellationToken cancellationToken)
    {
        var progress = new PredictionProgress(options, TimeProvider.System);
        progress.Begin();
        await using var site = await BenchSite.UpAsync(options.Megabytes.Length, cancellationToken);
        foreach (var (shop, megabytes) in BenchSite.Shops.Zip(options.Megabytes))
        {
            await BenchSite.FillAsync(site, shop, megabytes, cancellationToken);
        }

        progress.BeginRounds();
        var releases = new ReleaseLine(site);
        var upgrades = new List<PredictedUpgrade>();
        await using var visitors = new Visitors(site, options.Megabytes.Length); // so that there is somebody to drain
        for (var round = 1; round <= options.Rounds; round++)
        {
            var release = await releases.NextAsync(cancellationToken);
            var ended = await RoundAsync(site, release, options.Megabytes.Length, progress, cancellationToken);
            progress.EndRound(ended);
            upgrades.AddRange(ended);
        }

        return Summarise(upgrades);
    }

    /// <summary>Every shop is rehearsed, then the plan is asked, then exactly that plan is carried out.</summary>
    private static async Task<IReadOnlyList<PredictedUpgrade>> RoundAsync(
        ShopSite site,
        string release,
        int shops,
        PredictionProgress progress,
        CancellationToken cancellationToken
    )
    {
        // As of last night: what a rehearsal replays is the log since.
        var backup = await site.ControlPlane.PostAsync<RunBackup, OrderedJob>(
            "/api/backups",
            new("full", Reason: BenchSite.Reason),
            cancellationToken
        );
        await BenchSite.EndJobAsync(site, backup.Id, cancellationToken);
        var rehearsals = new Dictionary<string, RehearsalDetails>(StringComparer.Ordinal);
        foreach (var shop in BenchSite.Shops.Take(shops))
        {
            var rehearsal = await RehearseAsync(site, release, shop.Name, cancellationToken);
            progress.Rehearsed(shop.Name, release, rehearsal.Rehearsal.EndedAt - rehearsal.Rehearsal.StartedAt);
            rehearsals.Add(shop.Name, rehearsal);
        }

        var plan = await BenchSite.PlanAsync(site, release, cancellationToken);
        if (plan.Excluded is [var excluded, ..])
        {
            throw new InvalidOperationException($"The plan of {release} leaves one out: {excluded.Reason}");
        }

        var rollout = await BenchSite.CarryOutAsync(site, plan, cancellationToken);
        return
        [
            .. plan
                .Waves.SelectMany(wave => wave.Tenants)
                .Join(
                    rollout.Tenants,
                    planned => planned.Tenant,
                    upgrade => upgrade.Tenant,
                    (planned, upgrade) => PredictedUpgrade.Of(release, planned, rehearsals[planned.Tenant], upgrade),
                    StringComparer.Ordinal
                ),
        ];
    }

    /// <exception cref="InvalidOperationException">It did not pass: then nothing is predicted.</exception>
    private static async Task<RehearsalDetails> RehearseAsync(
        ShopSite site,
        string release,
        string tenant,
        CancellationToken cancellationToken
    )
    {
        var ordered = await site.ControlPlane.PostAsync<OrderRehearsals, IReadOnlyList<OrderedRehearsal>>(
            "/api/rehearsals",
            new(release, Environment: null, tenant, Wave: null, Reason: BenchSite.Reason),
            cancellationToken
        );
        await BenchSite.EndJobAsync(site, ordered[0].Id, cancellationToken);
        var details = await site.ControlPlane.GetAsync<RehearsalDetails>(
            $"/api/rehearsals/{ordered[0].Id}",
            cancellationToken
        );
        return details.Rehearsal.HasPassed
            ? details
            : throw new InvalidOperationException(
                $"The rehearsal of {release} for {tenant} did not pass: {details.Rehearsal.Reason}"
            );
    }

    private static Figures Summarise(List<PredictedUpgrade> upgrades) =>
        new()
        {
            ["median_error"] = Figures.Median(upgrades.Select(upgrade => upgrade.Error)),
            ["inside_interval"] = (double)upgrades.Count(upgrade => upgrade.IsInside) / upgrades.Count,
            ["interval_ratio"] = Figures.Median(upgrades.Select(upgrade => upgrade.IntervalRatio)),
            ["interval_ratio_max"] = upgrades.Max(upgrade => upgrade.IntervalRatio),
            ["upgrades"] = upgrades.Count,
            ["error_max"] = upgrades.Max(upgrade => upgrade.Error),
            // Of the shop, and so of the size, that is predicted worst.
            ["worst_shop_median_error"] = upgrades
                .GroupBy(upgrade => upgrade.Tenant, StringComparer.Ordinal)
                .Max(shop => Figures.Median(shop.Select(upgrade => upgrade.Error))),
            ["predicted_over_measured"] = Figures.Median(
                upgrades.Select(upgrade => upgrade.PredictedS / upgrade.MeasuredS)
            ),
            ["measured_min_s"] = upgrades.Min(upgrade => upgrade.MeasuredS),
            ["measured_max_s"] = upgrades.Max(upgrade => upgrade.MeasuredS),
            Each = upgrades,
        };
}
