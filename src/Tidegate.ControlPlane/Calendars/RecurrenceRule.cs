using System.Collections.Immutable;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using NodaTime;
using NodaTime.Text;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>
/// A recurrence rule of RFC 5545 with its first time. Ical.Net expands it by the calendar alone; which instants that is
/// in a zone is decided by NodaTime: a time that is skipped is as much later as was skipped (§3.3.5), never left out.
/// </summary>
public sealed class RecurrenceRule
{
    private readonly RecurrencePattern? _pattern;
    private readonly ImmutableHashSet<LocalDateTime> _except;
    private readonly Instant? _until;

    private RecurrenceRule(
        string? text,
        LocalDateTime first,
        RecurrencePattern? pattern,
        Instant? until,
        ImmutableHashSet<LocalDateTime> except
    )
    {
        (Text, First, _pattern, _until, _except) = (text, first, pattern, until, except);
    }

    /// <summary>As it was written, <c>FREQ=WEEKLY;BYDAY=SU</c>; null where it comes once.</summary>
    public string? Text { get; }

    /// <summary>Its DTSTART, by the clock.</summary>
    public LocalDateTime First { get; }

    /// <param name="text">Null where it comes once.</param>
    /// <param name="except">Times that are left out (EXDATE).</param>
    /// <exception cref="FormatException">It is none; the message says what is wrong with it.</exception>
    public static RecurrenceRule Parse(string? text, LocalDateTime first, IEnumerable<LocalDateTime> except)
    {
        if (text is null)
        {
            return new(null, first, null, null, [.. except]);
        }

        var parts = Parts(text);
        if (parts.ContainsKey("COUNT") && parts.ContainsKey("UNTIL"))
        {
            throw new FormatException($"\"{text}\" has both COUNT and UNTIL: it can end only once");
        }

        var pattern = Pattern(text, parts);
        return new(text, first, pattern, UntilInstant(text, parts), [.. except]);
    }

    /// <summary>What a careful reader would refuse although the standard lets it pass: readers disagree on it. Null when there is nothing.</summary>
    public string? Doubt()
    {
        if (_pattern is null)
        {
            return null;
        }

        if (_pattern is { Frequency: Ical.Net.FrequencyType.Yearly, ByMonthDay.Count: > 0, ByMonth.Count: 0 })
        {
            return "a yearly rule by BYMONTHDAY needs BYMONTH: readers disagree on which months are meant";
        }

        return Locals(First).Take(1).All(local => local == First)
            ? null
            : $"it does not come at its own start, {LocalDateTimePattern.GeneralIso.Format(First)}: readers disagree on whether that counts";
    }

    /// <summary>When it comes, from an instant on and including it, in order.</summary>
    public IEnumerable<Instant> From(Instant from, DateTimeZone zone) =>
        Locals(LocalDateTime.Max(First, from.InZone(zone).LocalDateTime.PlusDays(-1)))
            .Where(local => !_except.Contains(local))
            .Select(local => Clocks.Shifted(local, zone))
            .TakeWhile(at => _until is not { } until || at <= until)
            .Where(at => at >= from);

    /// <summary>By the clock, from a time on. A rule that counts is always counted from its first.</summary>
    public IEnumerable<LocalDateTime> Locals(LocalDateTime from)
    {
        if (_pattern is null)
        {
            return First >= from ? [First] : [];
        }

        var entry = new CalendarEvent { Start = Floating(First), RecurrenceRule = _pattern };
        return entry
            .GetOccurrences(Floating(from))
            .Select(occurrence => LocalDateTime.FromDateTime(occurrence.Period.StartTime.Value))
            .Where(local => local >= from);
    }

    public override string ToString() => Text ?? "once";

    private static CalDateTime Floating(LocalDateTime local) =>
        new(DateTime.SpecifyKind(local.ToDateTimeUnspecified(), DateTimeKind.Unspecified));

    private static RecurrencePattern Pattern(string text, Dictionary<string, string> parts)
    {
        if (parts.Any(part => part.Value.Length == 0))
        {
            throw new FormatException($"\"{text}\" has a part without a value");
        }

        // The end is kept apart, as an instant or as a time on the clock: the zone is not known here.
        var rest = parts.Where(part => part.Key is not "UNTIL" || !IsUtc(part.Value));
        try
        {
            return new RecurrencePattern(string.Join(';', rest.Select(part => $"{part.Key}={part.Value}")));
        }
        catch (Exception refused) when (refused is ArgumentException or FormatException or OverflowException)
        {
            throw new FormatException($"\"{text}\" is no recurrence rule: {refused.Message}", refused);
        }
    }

    private static Dictionary<string, string> Parts(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';'))
        {
            if (part.Split('=') is not [var key, var value] || !parts.TryAdd(key, value))
            {
                throw new FormatException($"\"{text}\" is no recurrence rule: NAME=VALUE;…, each name once");
            }
        }

        return parts.ContainsKey("FREQ")
            ? parts
            : throw new FormatException($"\"{text}\" is no recurrence rule: it has no FREQ");
    }

    private static bool IsUtc(string until) => until.EndsWith('Z');

    private static Instant? UntilInstant(string text, Dictionary<string, string> parts) =>
        parts.TryGetValue("UNTIL", out var until) && IsUtc(until)
            ? InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'").Parse(until) is { Success: true } parsed
                ? parsed.Value
                : throw new FormatException($"\"{text}\" has an UNTIL that is no time: 20271231T235959Z")
            : null;
}
