using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Tidegate.Contracts;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.Restores;
using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Story;

namespace Tidegate.Bench.Recovery;

/// <summary>A shop went to a moment of its past by the command that people give.</summary>
/// <param name="Total">From the command to its end. Seconds.</param>
/// <param name="Judge">Until the job was ordered: whether it can be reached, and its price. Seconds.</param>
/// <param name="Job">The first half: all that is done while the shop is open. Seconds.</param>
/// <param name="Shop">The second half.</param>
internal sealed record PointInTime(double Total, double Judge, double Job, StateTimesView Times, UpgradeView Shop)
{
    // Rows of business documents: far more than the bench writes after the moment.
    private const string AcceptedLoss = "100";

    public static async Task<PointInTime> MeasureAsync(
        ShopSite site,
        Operator atSite,
        string shop,
        DateTimeOffset to,
        CancellationToken cancellationToken
    )
    {
        var (began, watch) = (TimeProvider.System.GetUtcNow(), Stopwatch.StartNew());
        await atSite.DoAsync(
            [
                "tenant",
                "restore",
                shop,
                "--to",
                to.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
                "--accept-loss",
                AcceptedLoss,
                "--yes",
                "--reason",
                "a bench",
            ],
            cancellationToken
        );
        var total = watch.Elapsed.TotalSeconds;
        var job = (
            await site.ControlPlane.GetAsync<List<JobView>>($"/api/jobs?kind=restore&subject={shop}", cancellationToken)
        ).Single();
        var state = job.Result!.Value.Deserialize<RestoredStateView>(ApiJson.Options)!;
        var rollout = await site.ControlPlane.GetAsync<RolloutView>(
            $"/api/rollouts/{state.Rollout}",
            cancellationToken
        );
        return new(
            total,
            (job.CreatedAt - began).TotalSeconds,
            (job.EndedAt!.Value - job.CreatedAt).TotalSeconds,
            state.Times!,
            rollout.Tenants[0]
        );
    }
}
