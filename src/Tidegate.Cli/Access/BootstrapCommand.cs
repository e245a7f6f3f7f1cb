using System.CommandLine;
using Tidegate.Contracts.Access;

namespace Tidegate.Cli.Access;

internal static class BootstrapCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Of the person: anna" };
        var reason = AccessCommands.Reason(required: true);
        var command = new Command(
            "bootstrap",
            "Make somebody administrator by a one-time secret in a file of the home; only the home's own user may\n\nExample: tidegate access bootstrap anna --reason \"first administrator\""
        )
        {
            name,
            reason,
        };
        command.SetAction(
            JsonOption.Create(),
            (client, parsed, cancellationToken) =>
                client.PostAsync<BootstrapAccess, BootstrappedView>(
                    "/api/access/bootstrap",
                    new(parsed.GetRequiredValue(name), parsed.GetValue(reason)),
                    cancellationToken
                ),
            (made, parsed) =>
            {
                parsed.Output().WriteLine($"{made.Name} is administrator everywhere.");
                parsed.Output().WriteLine($"secret  {made.File}, until {AccessText.Instant(made.Until)}");
                parsed
                    .Error()
                    .WriteLine(
                        $"next: tidegate login {made.Name["person/".Length..]} --password-file {made.File}; tidegate access password"
                    );
            }
        );
        return command;
    }
}
