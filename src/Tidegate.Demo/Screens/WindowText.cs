using System.Globalization;
using Tidegate.Demo.Recording;

namespace Tidegate.Demo.Screens;

/// <summary>A window's record in two lines.</summary>
internal static class WindowText
{
    public static string Of(WindowRecord record) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
              {record.RequestsSent} requests, {record.Failures.Count} failed, {record.RequestsHeld} held; the others p50 {Milliseconds(
                record.Latency.P50
            )}, p95 {Milliseconds(record.Latency.P95)}, p99 {Milliseconds(record.Latency.P99)}, longest {Milliseconds(
                record.Latency.Longest
            )}
              {record.Orders.Sent} orders, {record.Orders.Acknowledged} acknowledged, {record.Orders.Lost.Count} lost, {record.Orders.Doubled.Count} doubled, {record.Orders.StoredUnacknowledged.Count} stored without their client knowing
            """
        );

    private static string Milliseconds(TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms");
}
