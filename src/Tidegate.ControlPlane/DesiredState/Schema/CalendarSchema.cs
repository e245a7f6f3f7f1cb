using Tidegate.ControlPlane.Calendars;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What <c>calendars/NAME.yaml</c> says.</summary>
internal static class CalendarSchema
{
    private const int MostRules = 500;

    public static readonly TradingCalendar Example = new(
        new CalendarName("retail"),
        [
            new("nights")
            {
                Effect = RuleEffect.Window,
                Scope = new() { Environments = ["production"] },
                When = new() { Days = "mon-thu", Hours = "01:00-05:00" },
                MostStarts = 40,
            },
            new("black-friday")
            {
                Preset = "black-friday-week",
                Scope = new() { Environments = ["production"], Tags = "flagship" },
            },
            new("inventory")
            {
                Effect = RuleEffect.Freeze,
                Scope = new() { Environments = ["production"], Risks = ["normal", "high"] },
                When = new() { From = "2027-01-04T20:00", To = "2027-01-05" },
                Gates = [StartKind.Automatic, StartKind.Manual],
                LetsFinish = false,
            },
        ]
    );

    private static readonly Keys<TradingCalendar> Keys = new(new(default, []));

    public static readonly ObjectSchema Schema = new(
        "calendar",
        "When change may start, and when not: windows, freezes and trading peaks.",
        [
            Keys.Optional(
                "timeZone",
                new TimeZoneKind(),
                calendar => calendar.TimeZone,
                "The time zone of its times. Without it each tenant's own: one rule is then as many as there are zones."
            ),
            Keys.Required(
                "rules",
                new ListKind(new MapKind(CalendarRuleSchema.Schema), least: 1, most: MostRules, isUnique: false),
                calendar => calendar.Rules.ToImmutableItems(),
                "Its rules. A freeze or peak that holds closes; where windows speak of a tenant, one of them has to be open."
            ),
        ],
        values => new TradingCalendar(new CalendarName(values.Name), values.Items<WrittenRule>("rules"))
        {
            TimeZone = values.Text("timeZone"),
        }
    );
}
