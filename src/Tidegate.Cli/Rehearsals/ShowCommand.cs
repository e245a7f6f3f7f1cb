using System.CommandLine;
using Tidegate.Contracts.Rehearsals;

namespace Tidegate.Cli.Rehearsals;

internal static class ShowCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("rehearsal") { Description = "The rehearsal's id, as rehearsal list shows it" };
        var json = JsonOption.Create();
        var command = new Command(
            "show",
            "Show a rehearsal: what was done, what was seen, what follows from it\n\nExample: tidegate rehearsal show j-0199…"
        )
        {
            id,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var details = await client.GetAsync<RehearsalDetails>(
                    RehearsalCommands.Path(parsed.GetRequiredValue(id)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(details);
                }
                else
                {
                    RehearsalText.Write(parsed.Output(), details);
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
