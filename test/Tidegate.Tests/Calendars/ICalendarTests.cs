using CsCheck;
using NodaTime;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState.Views;
using Tidegate.Tests.DesiredState;

namespace Tidegate.Tests.Calendars;

/// <summary>Calendars out of iCalendar files, and into them.</summary>
public sealed class ICalendarTests
{
    private static readonly ImportTerms Terms = new(
        new CalendarName("imported"),
        RuleEffect.Freeze,
        new() { Environments = ["production"] }
    );

    [Fact]
    public void Each_event_is_a_rule()
    {
        var imported = ICalendarImport.Read(
            """
            BEGIN:VCALENDAR
            VERSION:2.0
            BEGIN:VEVENT
            SUMMARY:Christmas\, closed!
            DTSTART;VALUE=DATE:20261224
            DTEND;VALUE=DATE:20261227
            END:VEVENT
            BEGIN:VEVENT
            SUMMARY:Nights
            CATEGORIES:Shops,Window
            DTSTART;TZID=Europe/Madrid:20260105T220000
            DTEND;TZID=Europe/Madrid:20260106T060000
            RRULE:FREQ=WEEKLY;BYDAY=MO,
             TU
            EXDATE;TZID=Europe/Madrid:20260112T220000
            BEGIN:VALARM
            TRIGGER:-PT15M
            DURATION:PT5M
            END:VALARM
            END:VEVENT
            BEGIN:VEVENT
            SUMMARY:Christmas closed
            DTSTART:20261231T120000Z
            DURATION:PT6H
            END:VEVENT
            BEGIN:VEVENT
            SUMMARY:Not any more
            STATUS:CANCELLED
            DTSTART:20261231T120000Z
            END:VEVENT
            END:VCALENDAR
            """,
            Terms
        );

        Assert.Empty(imported.Problems);
        Assert.Equal(
            """
            rules:
              - name: christmas-closed
                effect: freeze
                scope:
                  environments: [production]
                when:
                  from: 2026-12-24
                  to: 2026-12-26
              - name: nights
                effect: window
                scope:
                  environments: [production]
                when:
                  from: 2026-01-05T22:00:00
                  rrule: "FREQ=WEEKLY;BYDAY=MO,TU"
                  except: [2026-01-12T22:00:00]
                  until: "06:00"
                timeZone: Europe/Madrid
              - name: christmas-closed-2
                effect: freeze
                scope:
                  environments: [production]
                when:
                  from: 2026-12-31T12:00:00Z
                  to: 2026-12-31T18:00:00Z

            """.ReplaceLineEndings("\n"),
            CalendarFileText
                .Of(imported.Calendar!)
                .Replace("until: 06:00", "until: \"06:00\"", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("SUMMARY:A\nDTSTART:20261231T120000Z", "line 2: the event A: it has neither DTEND nor DURATION.")]
    [InlineData("SUMMARY:A", "line 2: the event A: it has no DTSTART.")]
    [InlineData(
        "SUMMARY:A\nDTSTART;TZID=W. Europe Standard Time:20261231T120000\nDURATION:PT1H",
        "line 2: the event A: \"W. Europe Standard Time\" is no time zone"
    )]
    [InlineData(
        "SUMMARY:A\nDTSTART:20261231T120000Z\nDURATION:PT1H\nRDATE:20270101T120000Z",
        "line 2: the event A: RDATE is not read: make single events of it."
    )]
    [InlineData(
        "SUMMARY:A\nDTSTART:20260101T120000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3;UNTIL=20270101T000000Z",
        "line 2: the event A: \"FREQ=DAILY;COUNT=3;UNTIL=20270101T000000Z\" has both COUNT and UNTIL"
    )]
    [InlineData(
        "SUMMARY:A\nDTSTART;TZID=Europe/Oslo:20261231T120000Z\nDURATION:PT1H",
        "line 2: the event A: DTSTART has a zone and is in UTC."
    )]
    [InlineData(
        "SUMMARY:A\nDTSTART:tomorrow\nDURATION:PT1H",
        "line 2: the event A: DTSTART is \"tomorrow\", which is no time."
    )]
    public void What_would_have_to_be_guessed_is_refused(string lines, string problem)
    {
        var imported = ICalendarImport.Read(
            $"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n",
            Terms
        );

        Assert.Null(imported.Calendar);
        Assert.StartsWith(problem, Assert.Single(imported.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "there is no event in it.")]
    [InlineData("BEGIN:VEVENT\nSUMMARY:A\n", "the event of line 1 has no end.")]
    [InlineData("nonsense\n", "line 1 is no property: NAME:value.")]
    public void What_is_no_calendar_is_refused(string text, string problem) =>
        Assert.Equal(problem, Assert.Single(ICalendarImport.Read(text, Terms).Problems));

    /// <summary>A file that was published holds at the same instants when it is read again.</summary>
    [Fact]
    public void What_is_published_and_read_again_holds_at_the_same_instants() =>
        Gen.Select(WrittenGen.Set, CalendarGen.Target, Gen.Int[0, 30 * 24 * 4].Array[20])
            .Sample(
                (set, target, quarters) =>
                {
                    var from = CalendarGen.Begin + Duration.FromDays(70);
                    var file = ICalendarExport.Of(set, target, from, from + Duration.FromDays(30));
                    var covered = set.Rules.Where(rule => rule.Scope.Covers(target)).ToList();
                    var again = ICalendarImport.Read(file, Terms).Calendar;
                    var rules = again is null ? [] : CalendarReading.Rules(again).ToList();
                    return quarters.All(quarter =>
                    {
                        var at = from + Duration.FromMinutes(15 * Math.Min(quarter, (30 * 24 * 4) - 1));
                        return covered.Any(rule => Spans.Contains(rule.When, at, rule.ZoneOf(target)))
                            == rules.Any(rule => Spans.Contains(rule.When, at, rule.ZoneOf(target)));
                    });
                },
                iter: 200
            );

    [Fact]
    public void A_published_line_is_no_longer_than_readers_take()
    {
        var set = CalendarSet.Of([
            new TradingCalendar(
                new CalendarName("retail"),
                [
                    new("christmas")
                    {
                        Preset = "christmas",
                        Scope = new() { Tenants = [.. Enumerable.Range(0, 20).Select(number => $"shop-{number}")] },
                    },
                ]
            ),
        ]);

        var file = ICalendarExport.Of(set, null, Instant.FromUtc(2026, 12, 1, 0, 0), Instant.FromUtc(2027, 2, 1, 0, 0));

        Assert.All(file.Split("\r\n"), line => Assert.True(System.Text.Encoding.UTF8.GetByteCount(line) <= 75, line));
        Assert.Contains("DTSTART:20261215T000000\r\n", file, StringComparison.Ordinal);
        Assert.Contains("CATEGORIES:FREEZE\r\n", file, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_of_an_import_is_a_file_of_a_fleet()
    {
        var imported = ICalendarImport.Read(
            "BEGIN:VEVENT\nSUMMARY:2027\nDTSTART;VALUE=DATE:20270101\nEND:VEVENT\n",
            Terms
        );
        var fleet = MemoryFiles
            .Example()
            .Put("calendars/imported.yaml", CalendarFileText.Of(imported.Calendar!))
            .Fleet();

        Assert.Equal("event-2027", fleet.Calendars[new CalendarName("imported")].Rules[0].Name);
    }
}
