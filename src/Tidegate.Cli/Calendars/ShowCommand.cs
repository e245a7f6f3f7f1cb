using System.CommandLine;
using Tidegate.Contracts.Calendars;

namespace Tidegate.Cli.Calendars;

internal static class ShowCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("calendar")
        {
            Description = "Its name; without it all of them",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = JsonOption.Create();
        var command = new Command(
            "show",
            "Show the calendars in force and their rules\n\nExample: tidegate calendar show retail"
        )
        {
            name,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var one = parsed.GetValue(name) is { } wanted ? $"/{Uri.EscapeDataString(wanted)}" : "";
                var view = await client.GetAsync<CalendarsView>($"/api/calendars{one}", cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(view);
                }
                else
                {
                    Write(view, parsed.Output());
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    internal static void Write(CalendarsView view, TextWriter writer)
    {
        if (view.Calendars.Count == 0)
        {
            writer.WriteLine("No calendar is in force: change may start at any time.");
            return;
        }

        foreach (var calendar in view.Calendars)
        {
            writer.WriteLine($"{calendar.Name}  {calendar.TimeZone ?? "each tenant's own time"}");
            foreach (var rule in calendar.Rules)
            {
                writer.WriteLine($"  {rule.Name}  {rule.Origin}");
                writer.WriteLine($"    {rule.Says}");
                writer.WriteLine($"    {Details(rule)}");
            }
        }

        writer.WriteLine($"set {view.Set}, {view.Zones}");
    }

    private static string Details(CalendarRuleView rule)
    {
        var most = rule.MostStarts is { } starts ? FormattableString.Invariant($", at most {starts} starts") : "";
        var finish = rule.LetsFinish ? "" : ", lets nobody finish";
        return $"asked of {string.Join(", ", rule.Gates)}{most}{finish}";
    }
}
