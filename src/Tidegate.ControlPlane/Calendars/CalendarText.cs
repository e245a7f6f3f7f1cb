using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>How people write days, hours and lengths in a calendar. Each throws <see cref="FormatException"/> with what is wrong.</summary>
public static class CalendarText
{
    private static readonly IsoDayOfWeek[] Week =
    [
        IsoDayOfWeek.Monday,
        IsoDayOfWeek.Tuesday,
        IsoDayOfWeek.Wednesday,
        IsoDayOfWeek.Thursday,
        IsoDayOfWeek.Friday,
        IsoDayOfWeek.Saturday,
        IsoDayOfWeek.Sunday,
    ];

    private static readonly LocalDateTimePattern Minutes = LocalDateTimePattern.CreateWithInvariantCulture(
        "uuuu-MM-dd'T'HH:mm"
    );

    private static readonly LocalTimePattern ClockTime = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    public const string WholeDay = "00:00-24:00";

    /// <summary><c>mon-fri</c>, <c>Saturday</c>, <c>sat-tue, thu</c>, <c>weekdays</c>, <c>weekends</c>; nothing is every day.</summary>
    public static ImmutableSortedSet<IsoDayOfWeek> Days(string text) =>
        string.IsNullOrWhiteSpace(text) ? [.. Week] : [.. text.Split(',').SelectMany(part => Range(part.Trim(), text))];

    /// <summary><c>22:00-05:00</c> goes into the next day; <c>9-17</c> are full hours; <c>13</c> is one; <c>00:00-24:00</c> is the whole day.</summary>
    /// <returns>An end of midnight is that of the day.</returns>
    public static (LocalTime Start, LocalTime End) Hours(string text) =>
        text.Split('-', StringSplitOptions.TrimEntries) switch
        {
            [var start, var end] => (TimeOf(start, text), TimeOf(end, text)),
            [var hour] when TimeOf(hour, text) is var start => (start, start.PlusHours(1)),
            _ => throw new FormatException($"\"{text}\" are no hours: 22:00-05:00"),
        };

    /// <summary>A time of the day, <c>06:00</c>; <c>24:00</c> is midnight.</summary>
    public static LocalTime Time(string text) =>
        text is "24:00" ? LocalTime.Midnight
        : ClockTime.Parse(text) is { Success: true } time ? time.Value
        : throw new FormatException($"\"{text}\" is no time of the day: 06:00");

    /// <summary>Whether it is a day and no time of it.</summary>
    public static bool IsDay(string text) => LocalDatePattern.Iso.Parse(text).Success;

    /// <summary>An IANA zone, <c>Europe/Oslo</c>. One that is not known is refused, never taken for UTC.</summary>
    public static DateTimeZone Zone(string name) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(name)
        ?? throw new FormatException(
            $"\"{name}\" is no time zone of {DateTimeZoneProviders.Tzdb.VersionId}: Europe/Oslo, UTC"
        );

    /// <summary>ISO 8601, <c>PT8H</c>, <c>P2DT3H</c>; more than nothing.</summary>
    public static SpanEnd.After Length(string text)
    {
        var parsed = PeriodPattern.Roundtrip.Parse(text);
        if (!parsed.TryGetValue(Period.Zero, out var period) || period is not { Years: 0, Months: 0 })
        {
            throw new FormatException($"\"{text}\" is no length in days and hours: PT8H, P2DT3H");
        }

        var days = period.Days + 7 * period.Weeks;
        var exact = (period - Period.FromDays(period.Days) - Period.FromWeeks(period.Weeks)).ToDuration();
        return days < 0 || exact < Duration.Zero || (days == 0 && exact == Duration.Zero)
            ? throw new FormatException($"\"{text}\" is not longer than nothing")
            : new SpanEnd.After(days, exact);
    }

    /// <summary>A day, <c>2026-11-27</c>, or a time of it, <c>2026-11-27T06:00</c>, by the clock of a zone.</summary>
    /// <param name="zone">Null where none was named: then a time that ends in Z is one of UTC. With a zone it is refused, since it names two.</param>
    /// <returns>The zone is null where neither was named.</returns>
    public static (LocalDateTime Local, DateTimeZone? Zone) Start(string text, DateTimeZone? zone)
    {
        var isUtc = text.EndsWith('Z');
        if (isUtc && zone is not null)
        {
            throw new FormatException($"\"{text}\" is in UTC and {zone.Id} at once: leave the Z away, or the zone");
        }

        return (LocalOf(isUtc ? text[..^1] : text), isUtc ? DateTimeZone.Utc : zone);
    }

    private static LocalDateTime LocalOf(string text) =>
        LocalDatePattern.Iso.Parse(text) is { Success: true } date ? date.Value.AtMidnight()
        : LocalDateTimePattern.ExtendedIso.Parse(text) is { Success: true } time ? time.Value
        : Minutes.Parse(text) is { Success: true } minutes ? minutes.Value
        : throw new FormatException($"\"{text}\" is no day and no time of one: 2026-11-27, 2026-11-27T06:00");

    private static IEnumerable<IsoDayOfWeek> Range(string part, string text)
    {
        switch (part.Split('-', StringSplitOptions.TrimEntries))
        {
            case [var group] when Is(group, "weekdays"):
                return Week[..5];
            case [var group] when Is(group, "weekends"):
                return Week[5..];
            case [var only]:
                return [Day(only, text)];
            case [var first, var last]:
                var start = (int)Day(first, text) - 1;
                var length = ((int)Day(last, text) - 1 - start + 7) % 7 + 1;
                return Enumerable.Range(start, length).Select(day => Week[day % 7]);
            default:
                throw NoDays(part, text);
        }
    }

    private static IsoDayOfWeek Day(string name, string text) =>
        Array.Find(Week, day => Is(name, day.ToString()) || Is(name, day.ToString()[..3]))
            is var found
                and not IsoDayOfWeek.None
            ? found
            : throw NoDays(name, text);

    private static FormatException NoDays(string part, string text) =>
        new($"\"{part}\" in \"{text}\" is no day: mon-fri, sat, weekdays, weekends");

    private static bool Is(string text, string word) => string.Equals(text, word, StringComparison.OrdinalIgnoreCase);

    private static LocalTime TimeOf(string text, string hours) =>
        text is "24:00" or "24" ? LocalTime.Midnight
        : ClockTime.Parse(text) is { Success: true } time ? time.Value
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && hour < 24
            ? new LocalTime(hour, 0)
        : throw new FormatException($"\"{hours}\" are no hours: 22:00-05:00");
}
