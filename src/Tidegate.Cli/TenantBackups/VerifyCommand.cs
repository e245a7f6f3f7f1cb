using System.CommandLine;
using Tidegate.Cli.Jobs;
using Tidegate.Cli.Rollouts;

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
                var isJson = parsed.GetValue(json);
                var (job, exit) = await OrderedWork.OrderAsync(
                    parsed,
                    $"{TenantBackupCommands.Path(parsed.GetRequiredValue(id))}/verify",
                    reason,
                    (isJson, parsed.GetValue(noWait)),
                    cancellationToken
                );
                if (job?.Result is not { } result)
                {
                    return exit;
                }

                var isGood = result.GetProperty("isGood").GetBoolean();
                if (!isJson)
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
