using System.CommandLine;
using System.Text;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState.Views;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate calendar import</c>.</summary>
internal static class CalendarImportCommand
{
    private const string Text = """
        Make a calendar of an iCalendar file: every event is a rule. Writes it to the output; it counts when it is committed.

        Example:
          tidegate calendar import trading.ics --environment production > calendars/trading.yaml

        What would have to be guessed is refused, with its line.
        """;

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The iCalendar file" };
        var effect = new Option<string>("--effect")
        {
            Description = "Of events whose categories name none: freeze, peak or window",
            DefaultValueFactory = _ => "freeze",
        };
        effect.AcceptOnlyFromAmong("freeze", "peak", "window");
        var environment = new Option<string[]>("--environment")
        {
            Description = "Of whose tenants the rules speak",
            Required = true,
        };
        var classes = new Option<string[]>("--class") { Description = "Only for releases of these classes, A to E" };
        classes.AcceptOnlyFromAmong("A", "B", "C", "D", "E");
        var risks = new Option<string[]>("--risk")
        {
            Description = "Only for releases of these risks: low, normal or high",
        };
        risks.AcceptOnlyFromAmong("low", "normal", "high");
        var json = JsonOption.Create();
        var command = new Command("import", Text) { file, effect, environment, classes, risks, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var content = await LocalFile.ReadAsync(parsed.GetRequiredValue(file), cancellationToken);
                var imported = ICalendarImport.Read(
                    Encoding.UTF8.GetString(content),
                    new(
                        new CalendarName("imported"),
                        Enum.Parse<RuleEffect>(parsed.GetRequiredValue(effect), ignoreCase: true),
                        new()
                        {
                            Environments = [.. parsed.GetRequiredValue(environment)],
                            Classes = [.. parsed.GetValue(classes) ?? []],
                            Risks = [.. parsed.GetValue(risks) ?? []],
                        }
                    )
                );
                if (imported.Calendar is not { } calendar)
                {
                    throw new ProblemException(
                        new ApiProblem(
                            ProblemCodes.Invalid,
                            $"{parsed.GetRequiredValue(file)} is not taken: {string.Join(' ', imported.Problems.Take(20))}",
                            "change these events, or leave them out"
                        )
                    );
                }

                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(
                        new
                        {
                            schema = "tidegate.calendar-import/1",
                            rules = calendar.Rules.Select(rule => rule.Name),
                            file = CalendarFileText.Of(calendar),
                        }
                    );
                }
                else
                {
                    await parsed.Output().WriteAsync(CalendarFileText.Of(calendar));
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
