using System.CommandLine;
using Tidegate.Cli.Jobs;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Backups;
using Tidegate.Contracts.Jobs;

namespace Tidegate.Cli.Backups;

internal static class VerifyCommand
{
    public static Command Create()
    {
        var label = new Argument<string?>("backup")
        {
            Description = "The backup's label, as backup list shows it (default: the newest)",
            DefaultValueFactory = _ => null,
        };
        var (site, noWait, reason, json) = (
            BackupCommands.Site(),
            OrderedWork.NoWait(),
            ReasonOption.Create(),
            JsonOption.Create()
        );
        var command = new Command(
            "verify",
            "Prove a backup: checksums, log without a gap, restored beside the site, every page read; exit code 2 when it is not good\n\nExample: tidegate backup verify 20261126-110816F"
        )
        {
            label,
            site,
            noWait,
            reason,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var ordered = await client.PostAsync<VerifyBackup, OrderedJob>(
                    "/api/backups/verify",
                    new(parsed.GetValue(label), parsed.GetValue(site), parsed.GetValue(reason)),
                    cancellationToken
                );
                var how = (parsed.GetValue(json), parsed.GetValue(noWait));
                return (await OrderedWork.FollowAsync(client, parsed, ordered, how, cancellationToken)).Exit;
            }
        );
        return command;
    }
}
