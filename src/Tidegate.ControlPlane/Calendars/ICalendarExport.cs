using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>
/// Calendars as an iCalendar file (RFC 5545), for the calendars that people look at. Each time that a rule holds is an
/// event of its own: what readers of recurrence rules disagree on, they are not asked.
/// </summary>
public static class ICalendarExport
{
    private static readonly LocalDateTimePattern Time = LocalDateTimePattern.CreateWithInvariantCulture(
        "uuuuMMdd'T'HHmmss"
    );

    /// <param name="target">Whose rules, by its clock; null for all. Then a rule of each tenant's own time has no zone, and shows at the clock time of whoever looks.</param>
    /// <param name="from">The same from and until give the same file.</param>
    public static string Of(CalendarSet set, CalendarTarget? target, Instant from, Instant until)
    {
        var text = new StringBuilder("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Tidegate//Calendars//EN\r\n");
        foreach (var rule in set.Rules.Where(rule => target is null || rule.Scope.Covers(target)))
        {
            var zone = rule.Zone ?? target?.Zone;
            foreach (var span in Spans.Within(rule.When, from, until, zone ?? DateTimeZone.Utc))
            {
                Write(text, rule, span, isFloating: zone is null, from);
            }
        }

        return text.Append("END:VCALENDAR\r\n").ToString();
    }

    private static void Write(StringBuilder text, CalendarRule rule, Interval span, bool isFloating, Instant stamp)
    {
        var mark = isFloating ? "" : "Z";
        text.Append("BEGIN:VEVENT\r\n");
        ICalendarLines.Write(text, "UID", $"{Id(rule, span)}@tidegate");
        ICalendarLines.Write(text, "DTSTAMP", $"{Clock(stamp)}Z");
        ICalendarLines.Write(text, "DTSTART", $"{Clock(span.Start)}{mark}");
        ICalendarLines.Write(text, "DTEND", $"{Clock(span.End)}{mark}");
        ICalendarLines.Write(text, "SUMMARY", ICalendarLines.Escaped(rule.Name));
        ICalendarLines.Write(text, "CATEGORIES", rule.Effect.ToString().ToUpperInvariant());
        ICalendarLines.Write(text, "DESCRIPTION", ICalendarLines.Escaped($"{CalendarWords.Of(rule)}\n{rule.Origin}"));
        text.Append("END:VEVENT\r\n");
    }

    private static string Id(CalendarRule rule, Interval span) =>
        Convert.ToHexStringLower(
            SHA256
                .HashData(
                    Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{rule.Name} {span.Start}"))
                )
                .AsSpan(0, 16)
        );

    private static string Clock(Instant at) => Time.Format(at.InUtc().LocalDateTime);
}
