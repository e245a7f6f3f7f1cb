using System.CommandLine;
using System.Text.Json;
using Tidegate.Cli.Jobs;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.TenantBackups;

namespace Tidegate.Cli.TenantBackups;

internal static class TakeCommand
{
    public static Command Create()
    {
        var tenant = TenantBackupCommands.Tenant();
        var days = new Option<int?>("--keep-days")
        {
            Description = $"How many days it is kept at least (default: {TakeBackup.DefaultDays})",
        };
        var evidence = new Option<bool>("--evidence") { Description = "Keep it until somebody lets it go" };
        var (reason, noWait, json) = (ReasonOption.Create(), OrderedWork.NoWait(), JsonOption.Create());
        var command = new Command(
            "backup",
            "Take a backup of one tenant: its database and its files at one instant; exit code 2 when it failed or its source lacks files\n\nExample: tidegate tenant backup shop-oslo --keep-days 90"
        )
        {
            tenant,
            days,
            evidence,
            reason,
            noWait,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var ordered = await client.PostAsync<TakeBackup, OrderedJob>(
                    TenantBackupCommands.PathOfTenant(parsed.GetRequiredValue(tenant)),
                    new TakeBackup(parsed.GetValue(days), parsed.GetValue(evidence), parsed.GetValue(reason)),
                    cancellationToken
                );
                var how = (parsed.GetValue(json), parsed.GetValue(noWait));
                var (job, exit) = await OrderedWork.FollowAsync(client, parsed, ordered, how, cancellationToken);
                return job?.Result is { } result ? await TellAsync(parsed, result, how.Item1) : exit;
            }
        );
        return command;
    }

    private static async Task<int> TellAsync(ParseResult parsed, JsonElement result, bool json)
    {
        var faults = result.GetProperty("faults").EnumerateArray().ToList();
        if (!json)
        {
            var output = parsed.Output();
            await output.WriteLineAsync($"backup {result.GetProperty("backup").GetString()}");
            foreach (var fault in faults)
            {
                await output.WriteLineAsync(
                    $"  file {fault.GetProperty("name").GetString()} {fault.GetProperty("what").GetString()}"
                );
            }
        }

        if (faults.Count > 0)
        {
            await parsed
                .Error()
                .WriteLineAsync(
                    $"the tenant's own filestore lacks {faults.Count} files: the backup is kept, and not good."
                );
        }

        return faults.Count > 0 ? ExitCodes.EndedBadly : ExitCodes.Done;
    }
}
