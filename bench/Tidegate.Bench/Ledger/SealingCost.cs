using System.Diagnostics;
using Npgsql;
using Tidegate.Bench.Engine;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Bench.Ledger;

/// <summary>
/// What a sealer costs the engine that it works beside. The same load is carried out with and without one, a pair at a
/// time: what the machine does to one of a pair it does to the other, more or less, and what is left of it the median of
/// many pairs takes out. PostgreSQL's own work (checkpoints, vacuum) is done between rounds, never in one.
/// </summary>
internal sealed class SealingCost(BenchDatabase control, NpgsqlDataSource database, BenchSealer sealer)
{
    private const int Tenants = 400;
    private const int WarmUpTenants = 150;
    private const int MostPairs = 40;
    private const int FewestPairs = 6;

    // One pair says little: of fourteen, the medians of three runs were 0.13, 0.04 and 0.00.
    private static readonly TimeSpan Time = TimeSpan.FromMinutes(4);

    public async Task<IReadOnlyList<CostPair>> MeasureAsync(CancellationToken cancellationToken)
    {
        await control.AdministerAsync(
            ["alter system set autovacuum = off", "select pg_reload_conf()", "vacuum (analyze)"],
            cancellationToken
        );
        await RoundAsync("r-warm-up", isSealing: false, WarmUpTenants, cancellationToken);
        await RoundAsync("r-warm-up-sealed", isSealing: true, WarmUpTenants, cancellationToken);
        var (pairs, watch) = (new List<CostPair>(), Stopwatch.StartNew());
        while (pairs.Count < FewestPairs || (pairs.Count < MostPairs && watch.Elapsed < Time))
        {
            pairs.Add(await PairAsync(pairs.Count, cancellationToken));
        }

        return pairs;
    }

    /// <summary>In turns first and second: what the tables grow by is nobody's advantage.</summary>
    private async Task<CostPair> PairAsync(int number, CancellationToken cancellationToken)
    {
        var (first, second) = ($"r-{number}-first", $"r-{number}-second");
        if (number % 2 == 0)
        {
            var without = await RoundAsync(first, isSealing: false, Tenants, cancellationToken);
            return new(without, await RoundAsync(second, isSealing: true, Tenants, cancellationToken));
        }

        var with = await RoundAsync(first, isSealing: true, Tenants, cancellationToken);
        return new(await RoundAsync(second, isSealing: false, Tenants, cancellationToken), with);
    }

    /// <returns>Steps a second.</returns>
    private async Task<double> RoundAsync(
        string rollout,
        bool isSealing,
        int tenants,
        CancellationToken cancellationToken
    )
    {
        await sealer.SealAllAsync(cancellationToken);
        await control.AdministerAsync(
            ["vacuum (analyze) rollout", "vacuum (analyze) upgrade", "vacuum (analyze) step_run", "checkpoint"],
            cancellationToken
        );
        GC.Collect();
        await using (isSealing ? sealer.Run() : null)
        {
            await EngineBench.CarryOutAsync(new RolloutStore(database), rollout, tenants, cancellationToken);
        }

        var (steps, seconds) = await EngineBench.RecordOfAsync(database, rollout, cancellationToken);
        return steps / seconds;
    }
}

/// <summary>Two rounds of the same load, in steps a second.</summary>
/// <param name="Without">No sealer worked beside it.</param>
internal sealed record CostPair(double Without, double With)
{
    /// <summary>By which share fewer steps were done beside a sealer.</summary>
    public double Cost => 1 - (With / Without);
}
