using System.CommandLine;
using Tidegate.Contracts.Drills;

namespace Tidegate.Cli.Drills;

internal static class ReportCommand
{
    public static Command Create()
    {
        var id = DrillCommands.Id();
        var json = JsonOption.Create();
        var command = new Command(
            "report",
            "Print a drill's report, in Markdown\n\nExample: tidegate drill report d-0199… > drill.md"
        )
        {
            id,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var details = await client.GetAsync<DrillDetails>(
                    DrillCommands.Path(parsed.GetRequiredValue(id)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(details);
                }
                else
                {
                    await parsed.Output().WriteAsync(details.Markdown);
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
