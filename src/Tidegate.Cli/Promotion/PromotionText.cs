using System.Globalization;
using Tidegate.Contracts.Promotion;

namespace Tidegate.Cli.Promotion;

/// <summary>Promotion for people.</summary>
public static class PromotionText
{
    /// <summary>Every gate on a line; under one that does not let through, why, since and until when, and who does what about it.</summary>
    public static void Write(TextWriter output, IEnumerable<PromotionGateView> gates)
    {
        foreach (var gate in gates)
        {
            output.WriteLine(
                $"  {gate.Verdict, -12}  {gate.Gate}{(gate.LetsThrough && gate.Reasons.Count > 0 ? " (shown only)" : "")}"
            );
            foreach (var reason in gate.Reasons)
            {
                output.WriteLine($"                {reason.What} ({reason.Code})");
                if (Times(reason) is { Length: > 0 } times)
                {
                    output.WriteLine($"                {times}");
                }

                output.WriteLine($"                next: {reason.Next} ({reason.Clears})");
            }
        }
    }

    /// <summary>As a fleet writes it: <c>24h</c>.</summary>
    public static string Duration(double seconds)
    {
        var (number, unit) =
            seconds % 3600 == 0 ? (seconds / 3600, "h")
            : seconds % 60 == 0 ? (seconds / 60, "m")
            : (seconds, "s");
        return string.Create(CultureInfo.InvariantCulture, $"{number:0.###}{unit}");
    }

    public static string Instant(DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);

    private static string Times(PromotionReasonView reason) =>
        string.Join(
            ", ",
            new[]
            {
                reason.Since is { } since ? $"since {Instant(since)}" : "",
                reason.Until is { } until ? $"until {Instant(until)}" : "",
            }.Where(time => time.Length > 0)
        );
}
