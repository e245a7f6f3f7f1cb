using System.Collections.Immutable;
using NodaTime;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>Makes rules of a calendar as it is written. Pure, and never fails: what cannot be read is a rule that closes.</summary>
public static class CalendarReading
{
    public static ImmutableArray<CalendarRule> Rules(IEnumerable<TradingCalendar> calendars) =>
        [.. calendars.SelectMany(Rules)];

    public static IEnumerable<CalendarRule> Rules(TradingCalendar calendar) =>
        calendar.Rules.Select(rule => Rule(calendar, rule));

    /// <summary>When a rule holds.</summary>
    /// <param name="zone">Null where none is named.</param>
    /// <returns>The zone is the one that was named, UTC where the times say so, or null.</returns>
    /// <exception cref="FormatException">It cannot be told; the message says why.</exception>
    public static (Recurrence When, DateTimeZone? Zone) Times(WrittenTimes when, DateTimeZone? zone)
    {
        if (when.Rrule is { } rule)
        {
            var (first, named) = CalendarText.Start(when.From ?? throw Missing("from"), zone);
            var except = when.Except.Select(text => Same(CalendarText.Start(text, zone), named, text)).ToList();
            return (new Recurrence.Ruled(RecurrenceRule.Parse(rule, first, except), End(when)), named);
        }

        if (when.Cron is { } cron)
        {
            var start = CronSchedule.Parse(cron);
            return (
                when.EndCron is { } end
                    ? new Recurrence.CronPair(start, CronSchedule.Parse(end))
                    : new Recurrence.Cron(start, End(when)),
                zone
            );
        }

        return when.From is { } from ? Once(from, when.To ?? throw Missing("to"), zone) : (Weekly(when), zone);
    }

    private static CalendarRule Rule(TradingCalendar calendar, WrittenRule rule)
    {
        var preset = rule.Preset is { } name ? CalendarPresets.Find(name) : null;
        var (when, zone, scope) = Read(calendar, rule, preset);
        return new CalendarRule(
            $"{calendar.Name}/{rule.Name}",
            rule.Effect ?? preset?.Effect ?? RuleEffect.Freeze,
            scope,
            when,
            zone,
            [.. rule.Gates],
            rule.LetsFinish,
            FormattableString.Invariant($"calendars/{calendar.Name}.yaml:{rule.Line}")
        )
        {
            MostStarts = rule.MostStarts,
        };
    }

    private static (Recurrence When, DateTimeZone? Zone, CalendarScope Scope) Read(
        TradingCalendar calendar,
        WrittenRule rule,
        CalendarPreset? preset
    )
    {
        try
        {
            var named = (rule.TimeZone ?? calendar.TimeZone) is { } name ? CalendarText.Zone(name) : null;
            var (when, zone) = Times(rule.When ?? preset?.When ?? throw Missing("when"), named);
            return (when, zone, Scope(rule.Scope, rule.Scope.Tags));
        }
        catch (FormatException wrong)
        {
            // Of whom it speaks may be what cannot be read: then it speaks of more.
            return (new Recurrence.Unreadable(wrong.Message), null, Scope(rule.Scope, tags: null));
        }
    }

    private static CalendarScope Scope(WrittenScope scope, string? tags) =>
        new(
            scope.Environments,
            scope.Sites,
            scope.Pools,
            scope.Tenants,
            tags is null ? null : TagExpression.Parse(tags),
            scope.Classes,
            scope.Risks,
            scope.Match
        );

    private static (Recurrence, DateTimeZone?) Once(string from, string to, DateTimeZone? zone)
    {
        var (start, named) = CalendarText.Start(from, zone);
        var end = Same(CalendarText.Start(to, zone), named, to);
        // Who writes a day as the end means the whole of it.
        return (new Recurrence.Once(start, CalendarText.IsDay(to) ? end.PlusDays(1) : end), named);
    }

    private static LocalDateTime Same(
        (LocalDateTime Local, DateTimeZone? Zone) read,
        DateTimeZone? named,
        string text
    ) =>
        Equals(read.Zone, named)
            ? read.Local
            : throw new FormatException($"\"{text}\" and from are not both in UTC: end both with Z, or none");

    private static Recurrence.Weekly Weekly(WrittenTimes when)
    {
        if (when.Days is null && when.Hours is null)
        {
            throw Missing("days, hours, from, rrule or cron");
        }

        var (start, end) = CalendarText.Hours(when.Hours ?? CalendarText.WholeDay);
        return new(CalendarText.Days(when.Days ?? ""), start, end);
    }

    private static SpanEnd End(WrittenTimes when) =>
        when.For is { } length ? CalendarText.Length(length)
        : when.Until is { } time ? new SpanEnd.At(CalendarText.Time(time))
        : throw Missing("for or until");

    private static FormatException Missing(string key) => new($"it has no {key}");
}
