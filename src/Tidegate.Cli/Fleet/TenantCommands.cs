using System.CommandLine;
using Tidegate.Cli.Refreshes;
using Tidegate.Cli.Restores;
using Tidegate.Cli.TenantBackups;
using Tidegate.Contracts.Fleet;

namespace Tidegate.Cli.Fleet;

internal static class TenantCommands
{
    public static Command Create() =>
        new Command("tenant", "Tenants: list, backup, backups, refresh, restore, way-back").With([
            List(),
            .. TenantBackupCommands.Create(),
            RefreshCommand.Create(),
            RestoreCommand.Create(),
            WayBackCommand.Create(),
        ]);

    private static Command With(this Command command, IEnumerable<Command> verbs)
    {
        foreach (var verb in verbs)
        {
            command.Add(verb);
        }

        return command;
    }

    private static Command List()
    {
        var json = JsonOption.Create();
        var command = new Command("list", "List tenants with pool and release\n\nExample: tidegate tenant list --json")
        {
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var tenants = await client.GetAsync<IReadOnlyList<TenantView>>("/api/tenants", cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(tenants);
                    return ExitCodes.Done;
                }

                TextTable.Write(
                    parsed.Output(),
                    ["TENANT", "POOL", "RELEASE", "DATABASE", "HOSTS"],
                    tenants.Select(tenant =>
                        (IReadOnlyList<string>)
                            [tenant.Name, tenant.Pool, tenant.Release, tenant.Database, string.Join(", ", tenant.Hosts)]
                    )
                );
                if (tenants.Count == 0)
                {
                    await parsed.WriteNextAsync("tidegate fleet apply --file FILE");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
