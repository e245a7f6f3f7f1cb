using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>What retail knows by a name: what it does and when it holds. Of whom it speaks every rule says itself.</summary>
/// <param name="Name"><c>black-friday-week</c>.</param>
/// <param name="What">For people, without its end.</param>
public sealed record CalendarPreset(string Name, RuleEffect Effect, WrittenTimes When, string What);

/// <summary>The presets there are.</summary>
public static class CalendarPresets
{
    public static ImmutableArray<CalendarPreset> All { get; } =
    [
        new(
            "store-opening-hours",
            RuleEffect.Peak,
            new() { Days = "mon-sat", Hours = "09:00-22:00" },
            "stores sell: Monday to Saturday, 9:00 to 22:00"
        ),
        new(
            "black-friday-week",
            RuleEffect.Freeze,
            // Thanksgiving is the fourth Thursday: the Monday before it is one of these.
            new()
            {
                Rrule = "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=19,20,21,22,23,24,25;BYDAY=MO",
                From = "2020-11-23",
                For = "P9D",
            },
            "the Monday before Black Friday to the Tuesday after Cyber Monday"
        ),
        new(
            "christmas",
            RuleEffect.Freeze,
            new()
            {
                Rrule = "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15",
                From = "2020-12-15",
                For = "P23D",
            },
            "15 December to Epiphany, 6 January"
        ),
        new(
            "month-end-close",
            RuleEffect.Freeze,
            new()
            {
                Rrule = "FREQ=MONTHLY;BYMONTHDAY=-2",
                From = "2020-01-30",
                For = "P5D",
            },
            "the last two days of each month and the first three of the next"
        ),
        new(
            "stock-taking",
            RuleEffect.Freeze,
            new()
            {
                Rrule = "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1",
                From = "2020-03-31T18:00",
                Until = "12:00",
            },
            "the evening of each quarter's last day until noon of the next"
        ),
        new(
            "winter-sales",
            RuleEffect.Peak,
            new()
            {
                Rrule = "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=7",
                From = "2020-01-07",
                For = "P4D",
            },
            "the first days of the winter sales, 7 to 10 January"
        ),
        new(
            "summer-sales",
            RuleEffect.Peak,
            new()
            {
                Rrule = "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=1",
                From = "2020-07-01",
                For = "P4D",
            },
            "the first days of the summer sales, 1 to 4 July"
        ),
    ];

    public static ImmutableArray<string> Names { get; } = [.. All.Select(preset => preset.Name)];

    /// <summary>Null where there is none of that name.</summary>
    public static CalendarPreset? Find(string name) =>
        All.FirstOrDefault(preset => string.Equals(preset.Name, name, StringComparison.Ordinal));
}
