using System.Text.Json;
using NodaTime;
using Tidegate.Cli;
using Tidegate.Cli.Calendars;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState.Reading;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Server.Commands;
using Tidegate.TestKit;

namespace Tidegate.Tests.Cli;

/// <summary>What <c>tidegate calendar …</c> prints.</summary>
public sealed class CalendarGoldenTests : IDisposable
{
    private static readonly CalendarSet Set = CalendarSet.Of([
        new TradingCalendar(
            new CalendarName("retail"),
            [
                new("nights")
                {
                    Effect = RuleEffect.Window,
                    Scope = new() { Environments = ["production"] },
                    When = new() { Days = "mon-thu", Hours = "22:00-23:00" },
                    MostStarts = 2,
                    Line = 2,
                },
                new("black-friday")
                {
                    Preset = "black-friday-week",
                    Scope = new() { Environments = ["production"], Tags = "flagship and not outlet" },
                    LetsFinish = false,
                    Gates = [StartKind.Automatic, StartKind.Manual],
                    Line = 7,
                },
            ]
        ),
        new TradingCalendar(
            new CalendarName("office"),
            [
                new("audit")
                {
                    Effect = RuleEffect.Freeze,
                    Scope = new() { Tenants = ["t3"] },
                    When = new() { From = "2026-11-01", To = "2027-02-28" },
                    Line = 3,
                },
            ]
        )
        {
            TimeZone = "Europe/Madrid",
        },
    ]);

    private readonly string folder = Directory.CreateTempSubdirectory("tg-golden-").FullName;

    public CalendarGoldenTests()
    {
        foreach (var (path, text) in ExampleFleet.Files)
        {
            Put(Path.Join("fleet", path), text);
        }

        Put(
            "cases.yaml",
            """
            cases:
              - {tenant: shop-oslo, at: 2026-11-18T23:00+01:00, expect: open}
              - {tenant: shop-oslo, at: 2026-11-27T23:00+01:00, expect: open}

            """
        );
        Put(
            "trading.ics",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Winter sales\r\nCATEGORIES:PEAK\r\nDTSTART;VALUE=DATE:20270107\r\nDTEND;VALUE=DATE:20270111\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        Put("broken.ics", "BEGIN:VEVENT\nSUMMARY:Sales\nDTSTART:20270107T080000Z\nEND:VEVENT\n");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Calendars_in_force() =>
        Golden.Matches(
            "calendar-show.txt",
            Text(writer => Tidegate.Cli.Calendars.ShowCommand.Write(Set.View(), writer))
        );

    [Fact]
    public void No_calendar() =>
        Golden.Matches(
            "calendar-show-none.txt",
            Text(writer => Tidegate.Cli.Calendars.ShowCommand.Write(CalendarSet.None.View(), writer))
        );

    [Theory]
    [InlineData("calendar-ask-closed.txt", 27)]
    [InlineData("calendar-ask-open.txt", 16)]
    public void A_question_and_its_answer(string golden, int day)
    {
        var target = new CalendarTarget(
            new TenantName("shop-oslo"),
            new("production"),
            new("local"),
            new("shared"),
            ["flagship"],
            DateTimeZoneProviders.Tzdb["Europe/Oslo"],
            "C",
            "normal"
        );
        var question = new CalendarQuestion(target, StartKind.Manual, Instant.FromUtc(2026, 11, day, 21, 30));
        var group = new CalendarGroups(Set.Rules).Of(target);
        var answer = new CalendarAskResult.Answered(
            target,
            question,
            group.Decide(question),
            group.NextOpening(question.Kind, question.At),
            group.NextClosing(question.Kind, question.At),
            Set
        );

        Golden.Matches(golden, Text(writer => AskCommand.Write(answer.View("2026.11.2"), writer)));
    }

    [Theory]
    [InlineData("calendar-timetable.txt")]
    [InlineData("calendar-timetable.json")]
    public void A_timetable_with_somebody_who_does_not_fit(string golden)
    {
        var plan = RolloutPlanner.Plan(
            new PlanRequest(
                new EnvironmentName("production"),
                Plans.New,
                new RolloutPolicy { WaveSizes = [1, 0], Concurrency = 2 },
                []
            )
            {
                Calendars = Set,
                Now = Plans.Start,
            },
            [.. Enumerable.Range(1, 5).Select(number => Plans.Candidate(number))]
        );
        var view = plan.Timetable!.View();

        Golden.Matches(
            golden,
            golden.EndsWith(".json", StringComparison.Ordinal)
                ? JsonSerializer.Serialize(view, ApiJson.Indented) + "\n"
                : Text(writer => TimetableText.Write(view, writer, everybody: true))
        );
    }

    [Theory]
    [InlineData("calendar-test.txt", "test", "FOLDER/fleet", "FOLDER/cases.yaml")]
    [InlineData("calendar-test.json", "test", "FOLDER/fleet", "FOLDER/cases.yaml", "--json")]
    [InlineData("calendar-test-nowhere.txt", "test", "FOLDER/fleet", "FOLDER/nowhere.yaml")]
    [InlineData("calendar-import.txt", "import", "FOLDER/trading.ics", "--environment", "production")]
    [InlineData("calendar-import.json", "import", "FOLDER/trading.ics", "--environment", "production", "--json")]
    [InlineData("calendar-import-refused.txt", "import", "FOLDER/broken.ics", "--environment", "production")]
    public async Task What_needs_no_control_plane(string golden, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(
            ["calendar", .. arguments.Select(each => each.Replace("FOLDER", folder, StringComparison.Ordinal))],
            LocalCommands.All(TimeProvider.System),
            output,
            error,
            TestContext.Current.CancellationToken
        );

        Golden.Matches(golden, $"{output}{error}exit {exit}\n".Replace(folder, "FOLDER", StringComparison.Ordinal));
    }

    private static string Text(Action<TextWriter> write)
    {
        using var writer = new StringWriter();
        write(writer);
        return writer.ToString();
    }

    private void Put(string path, string text)
    {
        var file = Path.Join(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
