using System.CommandLine;
using Tidegate.Cli.Jobs;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Backups;
using Tidegate.Contracts.Jobs;

namespace Tidegate.Cli.Backups;

internal static class RunCommand
{
    public static Command Create()
    {
        var type = new Option<string>("--type")
        {
            Description = "full, differential (since the last full one) or incremental (since the last one)",
            DefaultValueFactory = _ => "full",
        };
        var (site, noWait, reason, json) = (
            BackupCommands.Site(),
            OrderedWork.NoWait(),
            ReasonOption.Create(),
            JsonOption.Create()
        );
        var command = new Command(
            "run",
            "Make a backup of a site's whole cluster; exit code 2 when it failed\n\nExample: tidegate backup run --type differential"
        )
        {
            type,
            site,
            noWait,
            reason,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var ordered = await client.PostAsync<RunBackup, OrderedJob>(
                    "/api/backups",
                    new(parsed.GetRequiredValue(type), parsed.GetValue(site), parsed.GetValue(reason)),
                    cancellationToken
                );
                var how = (parsed.GetValue(json), parsed.GetValue(noWait));
                return (await OrderedWork.FollowAsync(client, parsed, ordered, how, cancellationToken)).Exit;
            }
        );
        return command;
    }
}
