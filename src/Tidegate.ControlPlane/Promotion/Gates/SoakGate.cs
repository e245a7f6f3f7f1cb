using System.Globalization;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;

namespace Tidegate.ControlPlane.Promotion.Gates;

/// <summary>Whether the digest has stayed in every upstream environment for long enough, without a break, since it was verified there.</summary>
public static class SoakGate
{
    public const string Name = "soak";

    public static GateAnswer Ask(PromotionFacts facts, TimeSpan soak, DateTimeOffset now)
    {
        var (wrong, unknown) = (new List<GateReason>(), new List<GateReason>());
        foreach (var upstream in facts.Upstream)
        {
            if (upstream.VerifiedSince is not { } since)
            {
                unknown.Add(NotBegun(facts.Release.Name, upstream, soak));
            }
            else if (now - since < soak)
            {
                wrong.Add(Soaking(facts.Release.Name, upstream, since, soak));
            }
        }

        return GateReasons.Answer(Name, wrong, unknown);
    }

    private static GateReason NotBegun(string release, UpstreamState upstream, TimeSpan soak) =>
        new(
            "soak-not-begun",
            $"the {Words(soak)} of {release} in {upstream.Environment} have not begun: it is not verified there.",
            Clearing.Nobody,
            "clear what the upstream gate says"
        );

    private static GateReason Soaking(string release, UpstreamState upstream, DateTimeOffset since, TimeSpan soak) =>
        new(
            "soaking",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{release} is verified in {upstream.Environment} since {since.ToUniversalTime():u} and stays there for {Words(soak)}, until {(since + soak).ToUniversalTime():u}."
            ),
            Clearing.Nobody,
            "wait",
            since + soak
        );

    /// <summary>As a fleet writes it, in its largest whole unit: <c>24h</c>, <c>90m</c>.</summary>
    internal static string Words(TimeSpan time)
    {
        var (number, unit) =
            time.Ticks % TimeSpan.TicksPerDay == 0 && time.TotalDays >= 2 ? (time.TotalDays, "d")
            : time.Ticks % TimeSpan.TicksPerHour == 0 ? (time.TotalHours, "h")
            : time.Ticks % TimeSpan.TicksPerMinute == 0 ? (time.TotalMinutes, "m")
            : (time.TotalSeconds, "s");
        return string.Create(CultureInfo.InvariantCulture, $"{number:0.###}{unit}");
    }
}
