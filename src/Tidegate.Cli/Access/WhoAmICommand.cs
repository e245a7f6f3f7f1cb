using System.CommandLine;
using Tidegate.Contracts.Access;

namespace Tidegate.Cli.Access;

internal static class WhoAmICommand
{
    public static Command Create()
    {
        var command = new Command(
            "whoami",
            "Show who the control plane takes you for, and what you may\n\nExample: tidegate access whoami"
        );
        command.SetAction(
            JsonOption.Create(),
            (client, _, cancellationToken) => client.GetAsync<WhoAmIView>("/api/access/whoami", cancellationToken),
            Write
        );
        return command;
    }

    private static void Write(WhoAmIView who, ParseResult parsed)
    {
        var output = parsed.Output();
        output.WriteLine(who.HoldsHome ? $"{who.Who}, who owns the home" : who.Who);
        if (who.Groups.Count > 0)
        {
            output.WriteLine($"groups  {AccessText.Words(who.Groups)}");
        }

        if (who.Token is { } token)
        {
            output.WriteLine($"token   {token} until {AccessText.Instant(who.TokenExpiresAt)}");
        }

        if (who.Roles.Count > 0)
        {
            AccessCommands.Write(who.Roles, output);
        }
        else
        {
            output.WriteLine("No role anywhere.");
        }

        if (who.MustChangePassword)
        {
            parsed.Error().WriteLine("next: tidegate access password; nothing else works before.");
        }
    }
}
