using System.CommandLine;
using Tidegate.Cli.Jobs;
using Tidegate.Cli.Rollouts;

namespace Tidegate.Cli.TenantBackups;

internal static class ExpireCommand
{
    public static Command Create()
    {
        var tenant = TenantBackupCommands.Tenant();
        var (reason, noWait, json) = (ReasonOption.Create(), OrderedWork.NoWait(), JsonOption.Create());
        var command = new Command(
            "expire",
            "Let a tenant's backups go that its rules no longer keep, and what only they needed\n\nExample: tidegate tenant backups expire shop-oslo"
        )
        {
            tenant,
            reason,
            noWait,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var (_, exit) = await OrderedWork.OrderAsync(
                    parsed,
                    $"{TenantBackupCommands.PathOfTenant(parsed.GetRequiredValue(tenant))}/expire",
                    reason,
                    (parsed.GetValue(json), parsed.GetValue(noWait)),
                    cancellationToken
                );
                return exit;
            }
        );
        return command;
    }
}
