using System.Collections.Immutable;
using NodaTime;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>When a rule of a calendar holds, by the clocks of a time zone.</summary>
public abstract record Recurrence
{
    private Recurrence() { }

    /// <summary>From one time on a calendar to another, which is no part of it.</summary>
    public sealed record Once(LocalDateTime Start, LocalDateTime End) : Recurrence;

    /// <summary>Hours of days of the week.</summary>
    /// <param name="Days">On which it begins; none is a mistake.</param>
    /// <param name="End">No part of it. Not after <paramref name="Start"/>: of the day after.</param>
    public sealed record Weekly(ImmutableSortedSet<IsoDayOfWeek> Days, LocalTime Start, LocalTime End) : Recurrence;

    /// <summary>From each time that a cron expression names.</summary>
    public sealed record Cron(CronSchedule Start, SpanEnd End) : Recurrence;

    /// <summary>From each time that one expression names to the next after it that another names.</summary>
    public sealed record CronPair(CronSchedule Start, CronSchedule End) : Recurrence;

    /// <summary>From each time that a recurrence rule (RFC 5545) names.</summary>
    public sealed record Ruled(RecurrenceRule Rule, SpanEnd End) : Recurrence;

    /// <summary>It cannot be read, and so may hold at any time.</summary>
    /// <param name="Why">One sentence without its end.</param>
    public sealed record Unreadable(string Why) : Recurrence;
}

/// <summary>When that ends which began at an instant.</summary>
public abstract record SpanEnd
{
    private SpanEnd() { }

    /// <summary>The instant, which is no part of it.</summary>
    public abstract Instant Of(Instant start, DateTimeZone zone);

    /// <summary>The longest that it can be.</summary>
    public abstract Duration Longest { get; }

    /// <summary>So long: days by the calendar, then an exact time (RFC 5545 §3.3.6). A night's eight hours stay eight when the clocks change.</summary>
    public sealed record After(int Days, Duration Exact) : SpanEnd
    {
        public override Duration Longest => Duration.FromDays(Days + 1) + Exact;

        public override Instant Of(Instant start, DateTimeZone zone) =>
            (Days == 0 ? start : Clocks.Shifted(start.InZone(zone).LocalDateTime.PlusDays(Days), zone)) + Exact;
    }

    /// <summary>When clocks next show a time: of the day after where it is not later than the start. A night ends at six, also when the clocks change.</summary>
    public sealed record At(LocalTime Time) : SpanEnd
    {
        public override Duration Longest => Duration.FromDays(2);

        public override Instant Of(Instant start, DateTimeZone zone)
        {
            var local = start.InZone(zone).LocalDateTime;
            var end = local.Date + Time;
            return Clocks.End(end > local ? end : end.PlusDays(1), zone);
        }
    }
}

/// <summary>
/// From a time on a clock to an instant. A time that is skipped is the first instant after it. A time that comes twice is
/// its first for a start and its second for an end: what holds from two to three holds through both.
/// </summary>
internal static class Clocks
{
    public static Instant Start(LocalDateTime local, DateTimeZone zone) => Of(local, zone, mapping => mapping.First());

    public static Instant End(LocalDateTime local, DateTimeZone zone) => Of(local, zone, mapping => mapping.Last());

    /// <summary>As RFC 5545 §3.3.5 has it: a time that is skipped is as much later as was skipped, one that comes twice is its first.</summary>
    public static Instant Shifted(LocalDateTime local, DateTimeZone zone) => zone.AtLeniently(local).ToInstant();

    private static Instant Of(
        LocalDateTime local,
        DateTimeZone zone,
        Func<NodaTime.TimeZones.ZoneLocalMapping, ZonedDateTime> choose
    )
    {
        var mapping = zone.MapLocal(local);
        return mapping.Count == 0 ? mapping.LateInterval.Start : choose(mapping).ToInstant();
    }
}
