using System.Diagnostics;
using Tidegate.Bench.Cutover;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Story;
using Tidegate.Demo.Traffic;
using Tidegate.Drivers.Databases;

namespace Tidegate.Bench.Recovery;

/// <summary>One shop of a cluster of many goes to a moment of its past while all others sell.</summary>
internal static class PitrBench
{
    private const int OrdersEachSide = 3;
    private const int FilledAtOnce = 2;

    public static async Task<Figures> RunAsync(PitrSize size, CancellationToken cancellationToken)
    {
        var fleet = size.Fleet;
        var shop = fleet[0].Shop;
        await using var site = await BenchSite.UpAsync([.. fleet.Select(member => member.Shop)], cancellationToken);
        var atSite = new Operator($"unix:{site.Layout.ServerSocket}", site.Layout.Home);
        var watch = Stopwatch.StartNew();
        // What the second half of the neighbours gets is the log that has to be replayed.
        var backedUp = 1 + (size.Neighbours / 2);
        await FillAsync(site, fleet.Take(backedUp), cancellationToken);
        await atSite.DoAsync(["backup", "run"], cancellationToken);
        var from = await LogAsync(site, cancellationToken);
        await FillAsync(site, fleet.Skip(backedUp), cancellationToken);
        var filled = watch.Elapsed.TotalSeconds;

        var log = new TrafficLog();
        using var till = await Till.OpenAsync(site, shop, log, cancellationToken);
        await using var neighbours = await Neighbours.OpenAsync(
            site,
            fleet.Skip(1).Select(member => member.Shop),
            cancellationToken
        );
        await SellAsync(till, cancellationToken);
        var kept = till.Told();
        var to = TimeProvider.System.GetUtcNow();
        var replayed = await LogAsync(site, cancellationToken) - from;
        await SellAsync(till, cancellationToken);
        var lost = till.Told().Except(kept, StringComparer.Ordinal).ToList();
        var sizes = await SizesAsync(site, cancellationToken);
        var went = await PointInTime.MeasureAsync(site, atSite, shop.Name, to, cancellationToken);
        var sales = await neighbours.StopAsync(since: to, cancellationToken);
        foreach (var failure in sales.Failures)
        {
            await Console.Error.WriteLineAsync(failure);
        }

        await SellAsync(till, cancellationToken); // who was logged in then, is
        await ExpectAsync(till, [.. till.Told().Except(lost, StringComparer.Ordinal)], cancellationToken);
        return Summarise(went, sales, [.. fleet.Select(member => sizes[member.Shop.Database])], replayed, filled);
    }

    private static Task FillAsync(
        ShopSite site,
        IEnumerable<(TenantDocument Shop, ShopData Data)> members,
        CancellationToken cancellationToken
    ) =>
        Parallel.ForEachAsync(
            members,
            new ParallelOptions { MaxDegreeOfParallelism = FilledAtOnce, CancellationToken = cancellationToken },
            async (member, token) =>
                await member.Data.FillAsync(
                    Repository.Find().Root,
                    site.Layout.Cluster,
                    member.Shop.Database,
                    site.Layout.Filestore(new PoolName(member.Shop.Pool), member.Shop.Database),
                    token
                )
        );

    private static async Task SellAsync(Till till, CancellationToken cancellationToken)
    {
        var before = till.Told().Length;
        for (var order = 0; order < OrdersEachSide; order++)
        {
            await till.SellAsync(cancellationToken);
        }

        if (till.Told().Length != before + OrdersEachSide)
        {
            throw new InvalidOperationException("The shop that goes back does not sell.");
        }
    }

    /// <summary>The shop has exactly these orders: figures of a restore to another moment would be worth nothing.</summary>
    private static async Task ExpectAsync(Till till, List<string> expected, CancellationToken cancellationToken)
    {
        var booked = await till.BookedAsync(cancellationToken);
        if (
            !booked
                .Order(StringComparer.Ordinal)
                .SequenceEqual(expected.Order(StringComparer.Ordinal), StringComparer.Ordinal)
        )
        {
            throw new InvalidOperationException(
                $"The shop has orders {string.Join(", ", booked)} instead of {string.Join(", ", expected)}."
            );
        }
    }

    /// <summary>How many bytes of log have been written.</summary>
    private static async Task<double> LogAsync(ShopSite site, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(site, cancellationToken);
        return await session.ScalarAsync<double>(
            "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8",
            [],
            cancellationToken
        );
    }

    private static async Task<Dictionary<string, long>> SizesAsync(ShopSite site, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(site, cancellationToken);
        var sizes = await session.QueryAsync(
            "select datname::text, pg_database_size(oid) from pg_database where datallowconn",
            [],
            row => (Name: row.GetString(0), Bytes: row.GetInt64(1)),
            cancellationToken
        );
        return sizes.ToDictionary(database => database.Name, database => database.Bytes, StringComparer.Ordinal);
    }

    // Sizes of others' databases may be asked by the superuser only.
    private static Task<PostgresSession> OpenAsync(ShopSite site, CancellationToken cancellationToken) =>
        site.Layout.Cluster.OpenAsync(SitePostgres.Maintenance, SitePostgres.Superuser, cancellationToken);

    private static Figures Summarise(
        PointInTime went,
        NeighbourSales sales,
        List<long> sizes,
        double replayed,
        double filled
    ) =>
        new()
        {
            ["total_s"] = went.Total,
            ["fetch_s"] = went.Times.Fetch,
            ["replay_s"] = went.Times.Replay,
            ["extract_s"] = went.Times.Extract,
            ["swap_s"] = went.Shop.HoldSeconds!.Value,
            ["neighbour_errors"] = sales.Failures.Count,
            ["neighbours"] = sizes.Count - 1,
            ["neighbour_orders"] = sales.Confirmed,
            ["neighbour_wait_max_s"] = sales.LongestWait,
            ["judge_s"] = went.Judge,
            ["job_s"] = went.Job,
            ["measure_loss_s"] = went.Shop.Seconds("measure-loss"),
            ["warm_s"] = went.Shop.Seconds("warm"),
            ["verify_s"] = went.Shop.Seconds("verify"),
            ["database_mb"] = sizes[0] / 1e6,
            ["neighbour_min_mb"] = sizes.Skip(1).Min() / 1e6,
            ["cluster_mb"] = sizes.Sum() / 1e6,
            ["log_mb"] = replayed / 1e6,
            ["generate_s"] = filled,
        };
}
