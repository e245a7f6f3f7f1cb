using System.Collections.Immutable;
using NodaTime;
using NodaTime.Text;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>What a rule says, for people. Two rules that say the same have the same words.</summary>
public static class CalendarWords
{
    private static readonly LocalTimePattern Time = LocalTimePattern.CreateWithInvariantCulture("HH:mm");
    private static readonly LocalDateTimePattern Day = LocalDateTimePattern.CreateWithInvariantCulture(
        "uuuu-MM-dd HH:mm"
    );

    /// <summary><c>freeze 22:00-06:00 on Fri, Europe/Oslo, for environments production and tags (spain and vip)</c>.</summary>
    public static string Of(CalendarRule rule) =>
        $"{rule.Effect.ToString().ToLowerInvariant()} {Of(rule.When)}, {rule.Zone?.Id ?? "each tenant's own time"}, for {Of(rule.Scope)}";

    /// <summary>The same with its name and all that it does: two that differ in anything but their place differ in it.</summary>
    public static string Whole(CalendarRule rule)
    {
        var gates = string.Join(", ", rule.Gates.Order().Select(gate => gate.ToString().ToLowerInvariant()));
        var most = rule.MostStarts is { } starts ? FormattableString.Invariant($", at most {starts} starts") : "";
        return $"{rule.Name}: {Of(rule)}; gates {gates}{most}{(rule.LetsFinish ? "" : ", lets nobody finish")}";
    }

    /// <summary><c>2026-12-02 00:00 Europe/Madrid</c>.</summary>
    public static string Of(Instant at, DateTimeZone zone) => $"{Day.Format(at.InZone(zone).LocalDateTime)} {zone.Id}";

    /// <summary><c>2 h 5 min</c>, <c>40 s</c>.</summary>
    public static string Of(TimeSpan length) =>
        length < TimeSpan.FromMinutes(1) ? FormattableString.Invariant($"{Math.Ceiling(length.TotalSeconds)} s")
        : length < TimeSpan.FromHours(1) ? FormattableString.Invariant($"{Math.Ceiling(length.TotalMinutes)} min")
        : FormattableString.Invariant($"{(int)length.TotalHours} h {length.Minutes} min");

    public static string Of(Recurrence when) =>
        when switch
        {
            Recurrence.Once once => $"from {Day.Format(once.Start)} to {Day.Format(once.End)}",
            Recurrence.Weekly weekly => $"{Hours(weekly)} on {Days(weekly.Days)}",
            Recurrence.Cron cron => $"from {cron.Start} {Of(cron.End)}",
            Recurrence.CronPair pair => $"from {pair.Start} to {pair.End}",
            Recurrence.Ruled ruled => $"{ruled.Rule} from {Day.Format(ruled.Rule.First)} {Of(ruled.End)}",
            Recurrence.Unreadable broken => $"never to be read: {broken.Why}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public static string Of(CalendarScope scope)
    {
        (string Name, string? Asked)[] parts =
        [
            ("environments", List(scope.Environments)),
            ("sites", List(scope.Sites)),
            ("pools", List(scope.Pools)),
            ("tenants", List(scope.Tenants)),
            ("tags", scope.Tags?.ToString()),
            ("classes", List(scope.Classes)),
            ("risks", List(scope.Risks)),
        ];
        var asked = parts.Where(part => part.Asked is not null).Select(part => $"{part.Name} {part.Asked}").ToList();
        return asked.Count == 0
            ? "nothing"
            : string.Join(scope.Combine is ScopeCombination.All ? " and " : " or ", asked);
    }

    /// <summary><c>releases of classes D, E and risks high</c>.</summary>
    public static string Releases(CalendarScope scope) =>
        $"releases of {Of(CalendarScope.Nothing with { Classes = scope.Classes, Risks = scope.Risks, Combine = scope.Combine })}";

    private static string Of(SpanEnd end) =>
        end switch
        {
            SpanEnd.After after =>
                $"for {PeriodPattern.NormalizingIso.Format(Period.FromDays(after.Days) + Period.FromTicks((long)after.Exact.TotalTicks))}",
            SpanEnd.At at => $"until {Time.Format(at.Time)}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static string Hours(Recurrence.Weekly weekly) =>
        $"{Time.Format(weekly.Start)}-{(weekly.End == LocalTime.Midnight ? "24:00" : Time.Format(weekly.End))}";

    private static string Days(ImmutableSortedSet<IsoDayOfWeek> days) =>
        days.Count == 7 ? "every day" : string.Join(", ", days.Select(day => day.ToString()[..3]));

    private static string? List(ImmutableArray<string> names) => names.IsEmpty ? null : string.Join(", ", names);
}
