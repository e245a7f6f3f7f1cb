using NodaTime;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>From recurrences to the instants that they cover: half-open, [start, end).</summary>
public static class Spans
{
    /// <summary>
    /// The parts of a time that a recurrence covers, in order, those that touch as one. A part that began before
    /// <paramref name="from"/> or goes on after <paramref name="until"/> is cut there.
    /// </summary>
    public static IEnumerable<Interval> Within(Recurrence recurrence, Instant from, Instant until, DateTimeZone zone)
    {
        Interval? open = null;
        foreach (var span in Each(recurrence, from, until, zone))
        {
            var start = Instant.Max(span.Start, from);
            var end = Instant.Min(span.End, until);
            if (end <= start)
            {
                continue;
            }

            if (open is { } before && start <= before.End)
            {
                open = new Interval(before.Start, Instant.Max(before.End, end));
                continue;
            }

            if (open is { } done)
            {
                yield return done;
            }

            open = new Interval(start, end);
        }

        if (open is { } last)
        {
            yield return last;
        }
    }

    /// <summary>Whether it holds at an instant.</summary>
    public static bool Contains(Recurrence recurrence, Instant at, DateTimeZone zone) =>
        Within(recurrence, at, at + Duration.Epsilon, zone).Any();

    /// <summary>Every span that may touch the time, by its start.</summary>
    private static IEnumerable<Interval> Each(Recurrence recurrence, Instant from, Instant until, DateTimeZone zone) =>
        recurrence switch
        {
            Recurrence.Once once => [Span(Clocks.Start(once.Start, zone), Clocks.End(once.End, zone))],
            Recurrence.Weekly weekly => OfWeek(weekly, from, until, zone),
            Recurrence.Cron cron => cron
                .Start.From(from - cron.End.Longest, zone)
                .TakeWhile(start => start < until)
                .Select(start => Span(start, cron.End.Of(start, zone))),
            Recurrence.CronPair pair => OfPair(pair, from, until, zone),
            Recurrence.Ruled ruled => ruled
                .Rule.From(from - ruled.End.Longest, zone)
                .TakeWhile(start => start < until)
                .Select(start => Span(start, ruled.End.Of(start, zone))),
            Recurrence.Unreadable => [new(from, until)],
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static IEnumerable<Interval> OfWeek(
        Recurrence.Weekly weekly,
        Instant from,
        Instant until,
        DateTimeZone zone
    )
    {
        var date = from.InZone(zone).Date.PlusDays(-2);
        var last = until.InZone(zone).Date;
        for (; date <= last; date = date.PlusDays(1))
        {
            if (weekly.Days.Contains(date.DayOfWeek))
            {
                var end = weekly.End > weekly.Start ? date + weekly.End : date.PlusDays(1) + weekly.End;
                yield return Span(Clocks.Start(date + weekly.Start, zone), Clocks.End(end, zone));
            }
        }
    }

    private static IEnumerable<Interval> OfPair(
        Recurrence.CronPair pair,
        Instant from,
        Instant until,
        DateTimeZone zone
    )
    {
        // A later start ends no sooner: the last one before decides for all before it.
        var start = pair.Start.LastUntil(from, zone) ?? First(pair.Start, from, zone);
        while (start is { } began && began < until)
        {
            if (First(pair.End, began + Duration.Epsilon, zone) is not { } ended)
            {
                yield return new Interval(began, until);
                yield break;
            }

            yield return new Interval(began, ended);
            start = First(pair.Start, ended, zone); // one in between changes nothing
        }
    }

    private static Instant? First(CronSchedule schedule, Instant from, DateTimeZone zone)
    {
        foreach (var at in schedule.From(from, zone))
        {
            return at;
        }

        return null;
    }

    // What ends before it begins covers nothing.
    private static Interval Span(Instant start, Instant end) => new(start, Instant.Max(start, end));
}
