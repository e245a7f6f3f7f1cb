using System.Globalization;
using Tidegate.Demo.Reporting;

namespace Tidegate.Demo.Screens;

/// <summary>The summary as rows of text; both screens draw the same.</summary>
internal static class SummaryRows
{
    public static IReadOnlyList<string> Header { get; } =
    ["release", "outcome", "sent", "failed", "held", "orders", "lost", "doubled", "longest hold"];

    /// <summary>Columns that the rows need with two blanks between them.</summary>
    public const int Width = 80;

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

    /// <summary>The same as three lines for each rollout, where the rows have no room.</summary>
    public static IEnumerable<string> Sentences(DemoReport report) =>
        Of(report)
            .Select(row =>
                $"{row[0]} {row[1]}, longest hold {row[8]}\n  {row[2]} sent, {row[3]} failed, {row[4]} held\n  {row[5]} orders, {row[6]} lost, {row[7]} doubled"
            );

    /// <summary>One sentence for each rollout that stopped.</summary>
    public static IEnumerable<string> Reasons(DemoReport report) =>
        report
            .Rollouts.Where(rollout => rollout.Reason is not null)
            .Select(rollout => $"{rollout.Release} stopped: {rollout.Reason}");

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
