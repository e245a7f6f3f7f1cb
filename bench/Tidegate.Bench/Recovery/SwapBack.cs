using System.Diagnostics;
using System.Text.Json;
using Tidegate.Bench.Cutover;
using Tidegate.Contracts;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.Restores;
using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Shops;

namespace Tidegate.Bench.Recovery;

/// <summary>A shop went to a good release, opened, and was ordered back to its checkpoint.</summary>
/// <param name="Outage">The hold, from its begin to the end of <c>open</c>. Seconds.</param>
/// <param name="LongestWait">Of those who were held. Seconds.</param>
/// <param name="Total">From the order to the end of the way back. Seconds.</param>
internal sealed record SwapBack(UpgradeView Shop, double Outage, double LongestWait, double Total)
{
    /// <exception cref="InvalidOperationException">The upgrade or the way back did not end well.</exception>
    public static async Task<SwapBack> MeasureAsync(
        ShopSite site,
        string shop,
        Visitors visitors,
        CancellationToken cancellationToken
    )
    {
        var release = await site.NextReleaseAsync("pass", cancellationToken);
        Completed(await BenchSite.CarryOutAsync(site, release.Name, cancellationToken));
        var watch = Stopwatch.StartNew();
        var rollout = await OrderAsync(site, shop, cancellationToken);
        var went = Completed(await BenchSite.EndAsync(site, rollout, cancellationToken));
        var total = watch.Elapsed.TotalSeconds;
        await visitors.AnsweredAsync(cancellationToken);
        var (began, opened) = (
            went.Steps.First(step => step.Kind is "hold").StartedAt,
            went.Steps.Last(step => step.Kind is "open").EndOf()
        );
        return new(
            went,
            (opened - began).TotalSeconds,
            visitors.HeldAt(shop, began, opened).Max(sent => sent.Latency.TotalSeconds),
            total
        );
    }

    /// <summary>Orders the way back and gives the rollout that carries it out. What the upgrade sent is lost knowingly.</summary>
    private static async Task<string> OrderAsync(ShopSite site, string shop, CancellationToken cancellationToken)
    {
        var ordered = await site.ControlPlane.PostAsync<RestoreTenant, OrderedJob>(
            $"/api/tenants/{shop}/restore",
            new("checkpoint", AcceptLoss: 0, AcceptWhatLeft: true, Reason: BenchSite.Reason),
            cancellationToken
        );
        var job = await BenchSite.EndJobAsync(site, ordered.Id, cancellationToken);
        return job.Result!.Value.Deserialize<RestoredStateView>(ApiJson.Options)!.Rollout!;
    }

    private static UpgradeView Completed(RolloutView rollout) =>
        rollout.Outcome is "completed"
            ? rollout.Tenants[0]
            : throw new InvalidOperationException($"{rollout.Id}, {rollout.Outcome}: {rollout.Reason}");
}
