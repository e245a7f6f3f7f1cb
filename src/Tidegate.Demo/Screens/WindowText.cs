using System.Globalization;
using Tidegate.Demo.Recording;

namespace Tidegate.Demo.Screens;

/// <summary>A window's record in three lines.</summary>
internal static class WindowText
{
    public static string Of(WindowRecord record) =>
        string.Join(
            '\n',
            Invariant($"  {record.RequestsSent} requests, {record.Failures.Count} failed, {record.RequestsHeld} held"),
            Invariant(
                $"  the others were answered in {Text(record.Latency.P50)} p50, {Text(record.Latency.P95)} p95, {Text(record.Latency.P99)} p99, {Text(record.Latency.Longest)} longest"
            ),
            Invariant(
                $"  {record.Orders.Sent} orders, {record.Orders.Lost.Count} lost, {record.Orders.Doubled.Count} doubled, {record.Orders.StoredUnacknowledged.Count} stored without their client knowing"
            )
        );

    private static string Text(TimeSpan span) => Invariant($"{span.TotalMilliseconds:0} ms");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
