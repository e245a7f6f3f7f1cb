using NodaTime;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Promotion.Gates;

/// <summary>Whether anybody in the environment may start now, by the calendars. Who may is asked again for each tenant before it starts; while nobody may, planned work waits where a newer commit can still take its place.</summary>
public static class OpenGate
{
    public const string Name = "calendar";

    private const int MostReasons = 5;

    /// <param name="targets">The environment's tenants; without any there is nobody to be closed.</param>
    public static GateAnswer Ask(
        CalendarSet set,
        IReadOnlyCollection<CalendarTarget> targets,
        StartKind kind,
        DateTimeOffset now
    )
    {
        var at = Instant.FromDateTimeOffset(now);
        var groups = new CalendarGroups(set.Rules);
        var closed = new Dictionary<string, GateReason>(StringComparer.Ordinal);
        foreach (
            var (group, target) in targets.Select(target => (groups.Of(target), target)).DistinctBy(each => each.Item1)
        )
        {
            var decision = group.Decide(new(target, kind, at));
            if (decision.IsOpen)
            {
                return GateAnswer.Pass(Name);
            }

            var reason = decision.Reasons[0];
            var until = group.NextOpening(kind, at)?.ToDateTimeOffset();
            if (!closed.TryGetValue(reason.Rule, out var known) || until < known.Until)
            {
                closed[reason.Rule] = Of(reason, until);
            }
        }

        return closed.Count == 0
            ? GateAnswer.Pass(Name)
            : GateAnswer.Fail(
                Name,
                [.. closed.Values.OrderBy(reason => reason.Until ?? DateTimeOffset.MaxValue).Take(MostReasons)]
            );
    }

    private static GateReason Of(CalendarReason reason, DateTimeOffset? until) =>
        new(
            reason.Code,
            $"{reason.What.TrimEnd('.')} ({reason.Origin}).",
            until is not null ? Clearing.Nobody
                : reason.Code is CalendarReason.ClassUnknown ? Clearing.Makers
                : Clearing.Author,
            until is null ? reason.Remedy() : "wait",
            until
        )
        {
            Rule = reason.Origin,
        };
}
