using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Gates;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>What keeps planned work from starting, as blockers of its environment.</summary>
public static class PromotionBlockers
{
    internal const string OwnerPrefix = "promotion/";

    public static string Owner(EnvironmentName environment) => $"{OwnerPrefix}{environment}";

    public static string Subject(EnvironmentName environment) => $"environment/{environment}";

    /// <summary>One for each code: of several reasons with one code the first is told, and how many more there are.</summary>
    public static ImmutableArray<Blocker> Of(PlannedWork work, ImmutableArray<AskedGate> gates, DateTimeOffset now)
    {
        // That the soak has not begun follows from what upstream says.
        var isUpstream = gates.Any(gate => !gate.LetsThrough && gate.Answer.Gate is UpstreamGate.Name);
        return
        [
            .. gates
                .Where(gate => !gate.LetsThrough && !(isUpstream && gate.Answer.Gate is SoakGate.Name))
                .SelectMany(gate => gate.Answer.Reasons)
                .GroupBy(reason => reason.Code, StringComparer.Ordinal)
                .Select(reasons => Blocker(work, reasons.First(), reasons.Count() - 1, now)),
        ];
    }

    private static Blocker Blocker(PlannedWork work, GateReason reason, int more, DateTimeOffset now) =>
        (
            more == 0
                ? reason
                : reason with
                {
                    What = string.Create(CultureInfo.InvariantCulture, $"{reason.What} And {more} more."),
                }
        ).Blocker(
            Subject(work.Environment),
            now,
            $"{work.Release.Name}, asked for by {work.Author} in commit {work.Commit}"
        );
}
