using System.CommandLine;
using Tidegate.Cli.Jobs;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.TenantBackups;

namespace Tidegate.Cli.TenantBackups;

internal static class VerifyCommand
{
    public static Command Create()
    {
        var id = TenantBackupCommands.Id();
        var (reason, noWait, json) = (ReasonOption.Create(), OrderedWork.NoWait(), JsonOption.Create());
        var command = new Command(
            "verify",
            "Read every object of a backup back, restore its database where nobody looks, and compare; exit code 2 when it is not good\n\nExample: tidegate tenant backups verify tb-0199…"
        )
        {
            id,
            reason,
            noWait,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var ordered = await client.PostAsync<OrderReason, OrderedJob>(
                    $"{TenantBackupCommands.Path(parsed.GetRequiredValue(id))}/verify",
                    new OrderReason(parsed.GetValue(reason)),
                    cancellationToken
                );
                var how = (parsed.GetValue(json), parsed.GetValue(noWait));
                var (job, exit) = await OrderedWork.FollowAsync(client, parsed, ordered, how, cancellationToken);
                if (job?.Result is not { } result)
                {
                    return exit;
                }

                var isGood = result.GetProperty("isGood").GetBoolean();
                if (!how.Item1)
                {
                    await parsed.Output().WriteLineAsync(isGood ? "good" : "not good:");
                    foreach (var finding in result.GetProperty("findings").EnumerateArray())
                    {
                        await parsed.Output().WriteLineAsync($"  {finding.GetString()}");
                    }
                }

                return isGood ? ExitCodes.Done : ExitCodes.EndedBadly;
            }
        );
        return command;
    }
}
