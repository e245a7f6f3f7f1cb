using NodaTime;
using NodaTime.Text;
using Tidegate.ControlPlane.Calendars;
using Tidegate.Tests.DesiredState;

namespace Tidegate.Tests.Calendars;

/// <summary>From a calendar's file to rules.</summary>
public sealed class CalendarReadingTests
{
    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    [Fact]
    public void Each_rule_knows_its_name_and_its_line()
    {
        var rules = Rules(
            """
            # Christmas
            rules:
              - name: christmas
                preset: christmas
                scope: {environments: [production]}

              - name: nights
                effect: window
                scope: {tenants: ["shop-*"]}
                when: {hours: 22:00-06:00}
            """
        );

        Assert.Equal(["retail/christmas", "retail/nights"], rules.Select(rule => rule.Name));
        Assert.Equal(["calendars/retail.yaml:3", "calendars/retail.yaml:7"], rules.Select(rule => rule.Origin));
    }

    [Fact]
    public void What_a_rule_says_itself_goes_before_its_preset()
    {
        var rule = Rules(
            """
            rules:
              - name: opening
                preset: store-opening-hours
                scope: {environments: [production]}
                when: {days: mon-sun, hours: 10:00-20:00}
            """
        )[0];

        Assert.Equal(RuleEffect.Peak, rule.Effect);
        Assert.Equal("10:00-20:00 on every day", CalendarWords.Of(rule.When));
    }

    [Fact]
    public void A_day_as_the_end_belongs_to_it_and_a_time_does_not()
    {
        var rules = Rules(
            """
            timeZone: Europe/Madrid
            rules:
              - {name: days, effect: freeze, scope: {tenants: ["*"]}, when: {from: 2026-12-24, to: 2026-12-26}}
              - {name: times, effect: freeze, scope: {tenants: ["*"]}, when: {from: 2026-12-24, to: 2026-12-26T00:00}}
            """
        );

        Assert.True(Holds(rules[0], "2026-12-26T22:59:59"));
        Assert.False(Holds(rules[0], "2026-12-26T23:00:00"));
        Assert.True(Holds(rules[1], "2026-12-25T22:59:59"));
        Assert.False(Holds(rules[1], "2026-12-25T23:00:00"));
    }

    [Fact]
    public void A_rule_that_cannot_be_read_closes_and_speaks_of_more_not_of_less()
    {
        var calendar = new TradingCalendar(
            new CalendarName("old"),
            [
                new("gone")
                {
                    Effect = RuleEffect.Window,
                    TimeZone = "Europe/Atlantis",
                    Scope = new() { Tenants = ["shop"], Tags = "vip" },
                    When = new() { Days = "mon" },
                },
            ]
        );

        var rule = Assert.Single(CalendarReading.Rules(calendar));

        Assert.IsType<Recurrence.Unreadable>(rule.When);
        Assert.Null(rule.Scope.Tags);
    }

    // Of each preset, in one year: every span, by the clock of Madrid.
    [Theory]
    [InlineData("black-friday-week", 2026, "2026-11-23T00:00/2026-12-02T00:00")]
    [InlineData("black-friday-week", 2028, "2028-11-20T00:00/2028-11-29T00:00")]
    [InlineData("black-friday-week", 2029, "2029-11-19T00:00/2029-11-28T00:00")]
    [InlineData("christmas", 2027, "2027-01-01T00:00/2027-01-07T00:00 2027-12-15T00:00/2028-01-01T00:00")]
    [InlineData("winter-sales", 2027, "2027-01-07T00:00/2027-01-11T00:00")]
    [InlineData("summer-sales", 2027, "2027-07-01T00:00/2027-07-05T00:00")]
    [InlineData(
        "stock-taking",
        2027,
        "2027-01-01T00:00/2027-01-01T12:00 2027-03-31T18:00/2027-04-01T12:00 2027-06-30T18:00/2027-07-01T12:00 2027-09-30T18:00/2027-10-01T12:00 2027-12-31T18:00/2028-01-01T00:00"
    )]
    public void A_preset_holds_when_retail_says_so(string preset, int year, string expected)
    {
        var (when, _) = CalendarReading.Times(CalendarPresets.Find(preset)!.When, null);

        var spans = Spans.Within(when, Start(year), Start(year + 1), Madrid);

        Assert.Equal(expected, string.Join(' ', spans.Select(span => $"{Local(span.Start)}/{Local(span.End)}")));
    }

    [Fact]
    public void The_month_end_close_is_five_days_of_every_month()
    {
        var (when, _) = CalendarReading.Times(CalendarPresets.Find("month-end-close")!.When, null);

        var spans = Spans.Within(when, Start(2026) + Duration.FromDays(10), Start(2027), Madrid).ToList();

        Assert.Equal(12, spans.Count);
        Assert.Equal("2026-02-27T00:00", Local(spans[1].Start));
        Assert.Equal("2026-03-04T00:00", Local(spans[1].End));
    }

    [Fact]
    public void Every_preset_can_be_read_and_has_no_doubt()
    {
        foreach (var preset in CalendarPresets.All)
        {
            var rule = Rules($"rules:\n  - {{name: it, preset: {preset.Name}, scope: {{tenants: [\"*\"]}}}}\n")[0];

            Assert.Empty(CalendarChecks.Of([rule]));
            Assert.Equal(preset.Effect, rule.Effect);
        }
    }

    [Fact]
    public void The_same_calendars_are_one_set_in_whatever_order()
    {
        var (left, right) = (Calendar("a"), Calendar("b"));

        Assert.Equal(CalendarSet.Of([left, right]).Id, CalendarSet.Of([right, left]).Id);
        Assert.NotEqual(CalendarSet.Of([left]).Id, CalendarSet.Of([right]).Id);
    }

    private static TradingCalendar Calendar(string name) =>
        new(
            new CalendarName(name),
            [
                new("r")
                {
                    Preset = "christmas",
                    Scope = new() { Tenants = ["*"] },
                },
            ]
        );

    private static System.Collections.Immutable.ImmutableArray<CalendarRule> Rules(string text) =>
        CalendarReading.Rules(
            MemoryFiles
                .Example()
                .Remove("policy-tests/production.yaml")
                .Put("calendars/retail.yaml", text)
                .Fleet()
                .Calendars
        );

    private static bool Holds(CalendarRule rule, string utc) =>
        Spans.Contains(rule.When, InstantPattern.General.Parse($"{utc}Z").Value, rule.Zone!);

    private static Instant Start(int year) => Madrid.AtStartOfDay(new LocalDate(year, 1, 1)).ToInstant();

    private static string Local(Instant at) =>
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm").Format(at.InZone(Madrid).LocalDateTime);
}
