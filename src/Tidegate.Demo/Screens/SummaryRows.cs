using System.Globalization;
using Tidegate.Demo.Reporting;

namespace Tidegate.Demo.Screens;

/// <summary>The summary as rows of text; both screens draw the same.</summary>
internal static class SummaryRows
{
    public static IReadOnlyList<string> Header { get; } =
    ["release", "outcome", "sent", "failed", "held", "orders", "lost", "doubled", "longest hold"];

    public static IEnumerable<IReadOnlyList<string>> Of(DemoReport report) =>
        report.Rollouts.Select(rollout =>
            (IReadOnlyList<string>)
                [
                    rollout.Release,
                    rollout.Outcome,
                    Number(rollout.RequestsSent),
                    Number(rollout.RequestsFailed),
                    Number(rollout.RequestsHeld),
                    Number(rollout.OrdersSent),
                    Number(rollout.OrdersLost),
                    Number(rollout.OrdersDoubled),
                    Duration.Text(rollout.Tenants.Select(tenant => tenant.HoldS).DefaultIfEmpty().Max()),
                ]
        );

    /// <summary>One sentence for each rollout that stopped.</summary>
    public static IEnumerable<string> Reasons(DemoReport report) =>
        report
            .Rollouts.Where(rollout => rollout.Reason is not null)
            .Select(rollout => $"{rollout.Release} stopped: {rollout.Reason}");

    public static int Width(int column) => Math.Max(Header[column].Length, column == 1 ? 25 : 7);

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
