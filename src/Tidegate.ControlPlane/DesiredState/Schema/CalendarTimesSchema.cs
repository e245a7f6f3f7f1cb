using Tidegate.ControlPlane.Calendars;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>When a rule of a calendar holds.</summary>
internal static class CalendarTimesSchema
{
    private const int MostExceptions = 500;

    // Of each way to say it, every key that it may have.
    private static readonly string[][] Ways =
    [
        ["rrule", "from", "except", "for", "until"],
        ["cron", "endCron", "for", "until"],
        ["from", "to"],
        ["days", "hours"],
        ["hours"],
    ];

    private static readonly ReadTextKind Time = new(
        "a day or a time of it, like 2026-11-27 or 2026-11-27T06:00",
        25,
        text => CalendarText.Start(text, null)
    );

    private static readonly Keys<WrittenTimes> Keys = new(new());

    public static readonly ObjectSchema Schema = new(
        "when",
        "When it holds: days and hours, from and to, an rrule, or cron.",
        [
            Keys.Optional(
                "days",
                new ReadTextKind(
                    "days of the week, like mon-fri, sat or weekends",
                    100,
                    text => CalendarText.Days(text)
                ),
                when => when.Days,
                "On which it begins. Without it, beside hours, every day."
            ),
            Keys.Optional(
                "hours",
                new ReadTextKind("hours of the day, like 22:00-05:00", 20, text => CalendarText.Hours(text)),
                when => when.Hours,
                "An end that is not later is of the next day. Without it, beside days, the whole day."
            ),
            Keys.Optional(
                "from",
                Time,
                when => when.From,
                "Its first instant, by the clock; beside rrule the first time that it comes. One that ends in Z is in UTC, where no time zone is said."
            ),
            Keys.Optional(
                "to",
                Time,
                when => when.To,
                "Its end: a time is no part of it any more, a day belongs to it as a whole."
            ),
            Keys.Optional(
                "rrule",
                new ReadTextKind(
                    "a recurrence rule of RFC 5545, like FREQ=WEEKLY;BYDAY=SU",
                    500,
                    text => RecurrenceRule.Parse(text, default, [])
                ),
                when => when.Rrule,
                "It holds from each time that the rule names, from from on."
            ),
            Keys.Optional(
                "except",
                new ListKind(Time, most: MostExceptions),
                when => when.Except.ToImmutableItems(),
                "Times at which the rrule does not come."
            ),
            Keys.Optional(
                "cron",
                new ReadTextKind(
                    "a cron expression of five fields, like 0 22 * * FRI",
                    100,
                    text => CronSchedule.Parse(text)
                ),
                when => when.Cron,
                "It holds from each time that the expression names."
            ),
            Keys.Optional(
                "endCron",
                new ReadTextKind(
                    "a cron expression of five fields, like 0 6 * * MON",
                    100,
                    text => CronSchedule.Parse(text)
                ),
                when => when.EndCron,
                "Until the next time that this one names."
            ),
            Keys.Optional(
                "for",
                new ReadTextKind("a length in days and hours, like PT8H or P2D", 40, text => CalendarText.Length(text)),
                when => when.For,
                "How long, from each time of rrule or cron: days by the calendar, hours exactly."
            ),
            Keys.Optional(
                "until",
                new ReadTextKind("a time of the day, like 06:00", 5, text => CalendarText.Time(text)),
                when => when.Until,
                "Until the clock shows this time next, from each time of rrule or cron. Nights are said so: eight hours are seven or nine when clocks change."
            ),
        ],
        Times
    )
    {
        Check = Wrong,
    };

    private static WrittenTimes Times(Values values) =>
        new()
        {
            Days = values.Text("days"),
            Hours = values.Text("hours"),
            From = values.Text("from"),
            To = values.Text("to"),
            Rrule = values.Text("rrule"),
            Except = values.Items<string>("except"),
            Cron = values.Text("cron"),
            EndCron = values.Text("endCron"),
            For = values.Text("for"),
            Until = values.Text("until"),
        };

    private static KeyProblem? Wrong(Values when)
    {
        string[] said = [.. Schema.Keys.Select(key => key.Name).Where(key => IsSaid(when, key))];
        if (Array.Find(Ways, way => said.Contains(way[0], StringComparer.Ordinal)) is not { } way)
        {
            return new(null, "this does not say when.", "Say days and hours, from and to, an rrule, or cron.");
        }

        return Array.Find(said, key => !way.Contains(key, StringComparer.Ordinal)) is { } odd
            ? new(
                odd,
                $"{odd} does not go with {way[0]}.",
                $"With {way[0]} there may be {string.Join(", ", way[1..])}."
            )
            : OfEnd(way, [.. said.Where(IsEnd)]) ?? OfWhole(when, way[0]);
    }

    private static KeyProblem? OfEnd(string[] way, string[] ends) =>
        way[0] is not ("rrule" or "cron") || ends.Length == 1
            ? null
            : new(
                way[0],
                ends.Length == 0
                    ? $"{way[0]} says when it begins, not when it ends."
                    : $"{string.Join(" and ", ends)} are {ends.Length} ends.",
                $"Say one of {string.Join(", ", way.Where(IsEnd))}."
            );

    private static KeyProblem? OfWhole(Values when, string key)
    {
        try
        {
            _ = CalendarReading.Times(Times(when), zone: null);
            return null;
        }
        catch (FormatException wrong)
        {
            return new(key, $"{wrong.Message}.");
        }
    }

    private static bool IsEnd(string key) => key is "for" or "until" or "endCron";

    private static bool IsSaid(Values when, string key) =>
        when.Has(key) && (key is not "except" || when.Items<string>(key).Length > 0);
}
