using System.CommandLine;
using System.Globalization;
using Tidegate.Cli.Client;
using Tidegate.Contracts.TenantBackups;

namespace Tidegate.Cli.TenantBackups;

internal static class ListCommand
{
    public static Command Create()
    {
        var tenant = new Argument<string?>("tenant")
        {
            Description = "All backups of this tenant; without it the newest of each tenant",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = JsonOption.Create();
        var command = new Command(
            "list",
            "List backups, the newest first; exit code 3 when a tenant has none\n\nExample: tidegate tenant backups list shop-oslo"
        )
        {
            tenant,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                return parsed.GetValue(tenant) is { } name
                    ? Show(
                        parsed,
                        await client.GetAsync<IReadOnlyList<TenantBackupView>>(
                            TenantBackupCommands.PathOfTenant(name),
                            cancellationToken
                        ),
                        parsed.GetValue(json)
                    )
                    : await ShowAllAsync(parsed, client, parsed.GetValue(json), cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> ShowAllAsync(
        ParseResult parsed,
        ControlPlaneClient client,
        bool json,
        CancellationToken cancellationToken
    )
    {
        var backups = new List<TenantBackupView>();
        TenantBackupList page;
        string? after = null;
        do
        {
            page = await client.GetAsync<TenantBackupList>(
                "/api/tenant-backups" + (after is null ? "" : $"?after={Uri.EscapeDataString(after)}"),
                cancellationToken
            );
            backups.AddRange(page.Backups);
            after = page.Next;
        } while (after is not null);

        if (json)
        {
            parsed.WriteJson(page with { Backups = backups });
        }
        else
        {
            Show(parsed, backups, json);
        }

        if (page.TenantsWithout > 0 && !json)
        {
            await parsed
                .Error()
                .WriteLineAsync(
                    $"{page.TenantsWithout} tenants have no backup: {string.Join(", ", page.Without.Take(5))}{(page.TenantsWithout > 5 ? ", …" : "")}."
                );
            await parsed.WriteNextAsync($"tidegate tenant backup {page.Without[0]}");
        }

        return page.TenantsWithout > 0 ? ExitCodes.Blocked : ExitCodes.Done;
    }

    private static int Show(ParseResult parsed, IReadOnlyList<TenantBackupView> backups, bool json)
    {
        if (json)
        {
            parsed.WriteJson(backups);
        }
        else
        {
            TextTable.Write(
                parsed.Output(),
                ["TENANT", "TAKEN", "KEPT", "DATABASE", "FILES", "NEW", "STATE", "BACKUP"],
                backups.Select(Row)
            );
        }

        return backups.Count > 0 ? ExitCodes.Done : ExitCodes.Blocked;
    }

    private static IReadOnlyList<string> Row(TenantBackupView backup) =>
        [
            backup.Tenant,
            backup.TakenAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            backup.KeepUntil is { } until ? $"to {until.UtcDateTime:yyyy-MM-dd}" : backup.Kept,
            BackupText.Size(backup.DatabaseBytes),
            string.Create(CultureInfo.InvariantCulture, $"{backup.Files}, {BackupText.Size(backup.FileBytes)}"),
            BackupText.Size(backup.NewBytes),
            BackupText.State(backup),
            backup.Id,
        ];
}
