using System.CommandLine;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli.Calendars;

internal static class TimetableCommand
{
    private const string Text = """
        When a rollout's tenants would begin and be done, by the calendars; change nothing.

        Example:
          tidegate calendar timetable --release 2026.11.2

        Exit code 0: everybody finds a place; 3: somebody does not, or nobody can take the release.
        """;

    public static Command Create()
    {
        var rules = new RuleOptions();
        var json = JsonOption.Create();
        var command = new Command("timetable", Text) { json };
        rules.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var plan = await client.PostAsync<PlanRollout, PlanView>(
                    "/api/plans",
                    rules.Read(parsed),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(plan.Timetable);
                }
                else if (plan.Timetable is { } timetable)
                {
                    parsed.Output().WriteLine($"{plan.Release} to {plan.Environment}, plan {plan.Hash}");
                    TimetableText.Write(timetable, parsed.Output(), everybody: true);
                }
                else
                {
                    parsed.Output().WriteLine("No calendar speaks of these tenants: they begin at once, wave by wave.");
                }

                return plan.Waves.Count > 0 && (plan.Timetable is null || plan.Timetable.Unfit.Count == 0)
                    ? ExitCodes.Done
                    : ExitCodes.Blocked;
            }
        );
        return command;
    }
}
