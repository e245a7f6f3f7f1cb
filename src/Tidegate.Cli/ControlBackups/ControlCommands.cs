using System.CommandLine;
using Tidegate.Cli.Jobs;
using Tidegate.Cli.Rollouts;

namespace Tidegate.Cli.ControlBackups;

internal static class ControlCommands
{
    public static Command Create() =>
        new("control", "What the control plane itself remembers: backup, restore") { Backup() };

    private static Command Backup()
    {
        var (reason, noWait, json) = (ReasonOption.Create(), OrderedWork.NoWait(), JsonOption.Create());
        var command = new Command(
            "backup",
            "Back up the control plane: its database, the documents of its releases, the repositories that it follows\n\nExample: tidegate control backup"
        )
        {
            reason,
            noWait,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var (job, exit) = await OrderedWork.OrderAsync(
                    parsed,
                    "/api/control/backups",
                    reason,
                    (parsed.GetValue(json), parsed.GetValue(noWait)),
                    cancellationToken
                );
                if (job?.Result is { } result && !parsed.GetValue(json))
                {
                    await parsed.Output().WriteLineAsync($"backup {result.GetProperty("backup").GetString()}");
                }

                return exit;
            }
        );
        return command;
    }
}
