using System.CommandLine;
using Tidegate.Contracts.Drills;

namespace Tidegate.Cli.Drills;

internal static class ShowCommand
{
    public static Command Create()
    {
        var id = DrillCommands.Id();
        var json = JsonOption.Create();
        var command = new Command(
            "show",
            "Show a drill: what was measured, and what was promised\n\nExample: tidegate drill show d-0199…"
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
                    DrillLines.Write(parsed.Output(), details);
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
