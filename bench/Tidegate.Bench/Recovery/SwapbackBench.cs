using System.Diagnostics;
using Tidegate.Bench.Cutover;

namespace Tidegate.Bench.Recovery;

/// <summary>The way back of a shop that is open on its new release already, beside a <c>pg_restore -j2</c> of the same shop.</summary>
internal static class SwapbackBench
{
    /// <summary>How large the shop is.</summary>
    public const int Megabytes = 1000;

    private const int Ways = 3;

    private static readonly string[] Parts = ["fence", "measure-loss", "adopt", "swap", "warm", "verify", "open"];

    public static async Task<Figures> RunAsync(int megabytes, CancellationToken cancellationToken)
    {
        await using var site = await BenchSite.UpAsync(shops: 1, cancellationToken);
        var shop = BenchSite.Shops[0];
        var watch = Stopwatch.StartNew();
        await BenchSite.FillAsync(site, shop, megabytes, cancellationToken);
        var filled = watch.Elapsed.TotalSeconds;
        var restore = await RestoreBench.MeasureAsync(site, shop.Database, cancellationToken);
        var ways = new List<SwapBack>();
        await using (var visitors = new Visitors(site, shops: 1))
        {
            while (ways.Count < Ways)
            {
                ways.Add(await SwapBack.MeasureAsync(site, shop.Name, visitors, cancellationToken));
            }
        }

        return Summarise(ways, restore, filled);
    }

    private static Figures Summarise(List<SwapBack> ways, RestoreBench restore, double filled)
    {
        var figures = new Figures
        {
            ["outage_s"] = Figures.Median(ways.Select(way => way.Outage)),
            ["outage_max_s"] = ways.Max(way => way.Outage),
            ["pg_restore_s"] = restore.Restore,
            ["pg_dump_s"] = restore.Dump,
            ["ways_back"] = ways.Count,
            ["client_wait_max_s"] = ways.Max(way => way.LongestWait),
            ["order_s"] = Figures.Median(ways.Select(way => way.Total)),
            ["drain_s"] = Figures.Median(ways.Select(way => way.Shop.Seconds("hold"))),
        };
        foreach (var part in Parts)
        {
            figures[$"{part.Replace('-', '_')}_s"] = Figures.Median(ways.Select(way => way.Shop.Seconds(part)));
        }

        figures["database_mb"] = restore.Bytes / 1e6;
        figures["generate_s"] = filled;
        return figures;
    }
}
