using System.CommandLine;
using Tidegate.Server.Roles;

namespace Tidegate.Server.Commands;

internal static class ServerCommand
{
    public static Command Create()
    {
        var home = new Option<DirectoryInfo>("--home") { Description = "The site's home folder", Required = true };
        var command = new Command(
            "server",
            "Run the control plane of a site: API and rollout engine\n\nExample: tidegate server --home /srv/tidegate"
        )
        {
            home,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                ServerRole.RunAsync(parsed.GetRequiredValue(home).FullName, cancellationToken)
        );
        return command;
    }
}
