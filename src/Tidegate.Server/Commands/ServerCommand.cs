using System.CommandLine;
using Tidegate.Server.Roles;

namespace Tidegate.Server.Commands;

internal static class ServerCommand
{
    public static Command Create()
    {
        var home = new Option<DirectoryInfo>("--home") { Description = "The site's home folder", Required = true };
        var lease = new Option<double>("--lease")
        {
            Description = "Seconds after which the work of a silent replica is taken over",
            DefaultValueFactory = _ => 15,
        };
        lease.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 1 and <= 600))
            {
                result.AddError("--lease is 1 to 600 seconds.");
            }
        });
        var command = new Command(
            "server",
            "Run the control plane of a site: API and rollout engine\n\nExample: tidegate server --home /srv/tidegate"
        )
        {
            home,
            lease,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                ServerRole.RunAsync(
                    parsed.GetRequiredValue(home).FullName,
                    TimeSpan.FromSeconds(parsed.GetValue(lease)),
                    cancellationToken
                )
        );
        return command;
    }
}
