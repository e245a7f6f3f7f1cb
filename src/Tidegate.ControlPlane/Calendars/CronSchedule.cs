using Cronos;
using NodaTime;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>
/// A cron expression of five fields (minute, hour, day of month, month, day of week) in a time zone. The fields are read
/// by Cronos; which instants they mean is decided here, by NodaTime's zones, in one way:
/// an hour that is skipped comes at the first instant after it; an hour that comes twice counts twice for an expression
/// of intervals (<c>*</c>, <c>-</c> or <c>/</c> in minute or hour), and once, the first time, for fixed times.
/// </summary>
public sealed class CronSchedule
{
    private const int Fields = 5;

    // Back in ever longer steps: a schedule that comes often is found in the first, one of leap days in the last.
    private static readonly Duration[] LookBack =
    [
        Duration.FromHours(1),
        Duration.FromHours(8),
        Duration.FromDays(3),
        Duration.FromDays(32),
        Duration.FromDays(367),
        Duration.FromDays(9 * 366),
    ];

    private readonly CronExpression _expression;
    private readonly bool _isInterval;

    private CronSchedule(string text, CronExpression expression, bool isInterval)
    {
        (Text, _expression, _isInterval) = (text, expression, isInterval);
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Whether no day fits, as the 31st of February: then it says nothing, and is a mistake of whoever wrote it.</summary>
    public bool NeverComes => Next(new LocalDateTime(2000, 1, 1, 0, 0), inclusive: true) is null;

    /// <param name="text">Five fields. Sunday is 0 or SUN: 7 is refused, since readers of cron disagree on it.</param>
    /// <exception cref="FormatException">It is none; the message says what is wrong with it.</exception>
    public static CronSchedule Parse(string text)
    {
        var fields = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != Fields)
        {
            throw new FormatException(
                $"\"{text}\" has {fields.Length} fields and not 5: minute hour day month weekday"
            );
        }

        if (fields[^1].Split(',').Any(part => part.Split('/')[0].Split('-').Contains("7", StringComparer.Ordinal)))
        {
            throw new FormatException($"\"{text}\" has a weekday 7: write 0 or SUN for Sunday");
        }

        return new(
            text,
            CronExpression.Parse(text, CronFormat.Standard),
            fields[..2].Any(field => field.AsSpan().ContainsAny('*', '-', '/'))
        );
    }

    /// <summary>When it comes, from an instant on and including it, in order and each instant once. Ends only where it never comes again.</summary>
    public IEnumerable<Instant> From(Instant from, DateTimeZone zone)
    {
        var offset = zone.GetZoneInterval(from);
        Instant? last = null;
        while (true)
        {
            foreach (var at in In(offset, zone, from))
            {
                if (at >= from && at != last)
                {
                    yield return at;
                    last = at;
                }
            }

            if (!offset.HasEnd)
            {
                yield break;
            }

            offset = zone.GetZoneInterval(offset.End);
        }
    }

    /// <summary>When it came last, at the latest at an instant; null when that was more than nine years before.</summary>
    public Instant? LastUntil(Instant at, DateTimeZone zone)
    {
        foreach (var back in LookBack)
        {
            Instant? last = null;
            foreach (var came in From(at - back, zone).TakeWhile(came => came <= at))
            {
                last = came;
            }

            if (last is not null)
            {
                return last;
            }
        }

        return null;
    }

    public override string ToString() => Text;

    /// <summary>Within a time of one offset from UTC: first what was skipped before it, then what its clocks show.</summary>
    private IEnumerable<Instant> In(NodaTime.TimeZones.ZoneInterval offset, DateTimeZone zone, Instant from)
    {
        var start = LocalDateTime.MinIsoValue;
        if (offset.HasStart)
        {
            start = offset.IsoLocalStart;
            var before = zone.GetZoneInterval(offset.Start - Duration.Epsilon).IsoLocalEnd;
            if (
                before < start
                && offset.Start >= from
                && Next(before, inclusive: true) is { } skipped
                && skipped < start
            )
            {
                yield return offset.Start;
            }

            if (before > start && !_isInterval)
            {
                start = before; // these clocks were seen already
            }
        }

        var local = from.WithOffset(offset.WallOffset).LocalDateTime;
        var next = Next(local > start ? local : start, inclusive: true);
        while (next is { } at && (!offset.HasEnd || at < offset.IsoLocalEnd))
        {
            yield return at.WithOffset(offset.WallOffset).ToInstant();
            next = Next(at, inclusive: false);
        }
    }

    /// <summary>By the clock alone: Cronos is asked as if it were UTC, so that it knows no zone.</summary>
    private LocalDateTime? Next(LocalDateTime from, bool inclusive) =>
        _expression.GetNextOccurrence(DateTime.SpecifyKind(from.ToDateTimeUnspecified(), DateTimeKind.Utc), inclusive)
            is { } next
            ? LocalDateTime.FromDateTime(next)
            : null;
}
