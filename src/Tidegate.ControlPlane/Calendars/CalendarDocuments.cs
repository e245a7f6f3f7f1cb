using NodaTime;
using Tidegate.Contracts.Calendars;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>Calendars as the API shows them.</summary>
internal static class CalendarDocuments
{
    public static CalendarsView View(this CalendarSet set) =>
        new(set.Id, DateTimeZoneProviders.Tzdb.VersionId, [.. set.Calendars.Select(View)]);

    public static CalendarAnswer View(this CalendarAskResult.Answered answer, string? release)
    {
        var zone = answer.Target.Zone;
        return new(
            answer.Target.Tenant.Value,
            zone.Id,
            Local(answer.Question.At),
            Word(answer.Question.Kind),
            release,
            answer.Decision.IsOpen,
            [.. answer.Decision.Reasons.Select(View)],
            [
                .. answer.Decision.Asked.Select(one => new AskedRuleView(
                    one.Rule.Name,
                    Word(one.Rule.Effect),
                    one.Holds,
                    one.Rule.Origin
                )),
            ],
            answer.NextOpening is { } opening ? Local(opening) : null,
            answer.NextClosing is { } closing ? Local(closing) : null,
            answer.Set.Id,
            answer.Decision.Zones,
            [.. answer.Decision.Past.Select(View)],
            answer.Target.Class,
            answer.Target.Risk
        );

        DateTimeOffset Local(Instant at) => at.InZone(zone).ToDateTimeOffset();
    }

    private static CalendarReasonView View(CalendarReason reason) =>
        new(reason.Code, reason.Rule, reason.What, reason.Origin);

    private static CalendarView View(TradingCalendar calendar) =>
        new(calendar.Name.Value, calendar.TimeZone, [.. CalendarReading.Rules(calendar).Select(View)]);

    private static CalendarRuleView View(CalendarRule rule) =>
        new(
            rule.Name,
            Word(rule.Effect),
            CalendarWords.Of(rule),
            [.. rule.Gates.Order().Select(Word)],
            rule.LetsFinish,
            rule.MostStarts,
            rule.Origin
        );

    private static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();
}
