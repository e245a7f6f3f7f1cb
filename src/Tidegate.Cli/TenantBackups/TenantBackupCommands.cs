using System.CommandLine;

namespace Tidegate.Cli.TenantBackups;

internal static class TenantBackupCommands
{
    /// <summary>The verbs of the noun <c>tenant</c>.</summary>
    public static IEnumerable<Command> Create() =>
        [
            TakeCommand.Create(),
            new("backups", "Backups of single tenants: list, show, verify, expire")
            {
                ListCommand.Create(),
                ShowCommand.Create(),
                VerifyCommand.Create(),
                ExpireCommand.Create(),
            },
        ];

    internal static Argument<string> Id() =>
        new("backup") { Description = "The backup's id, as tenant backups list shows it" };

    internal static Argument<string> Tenant() => new("tenant") { Description = "The tenant's name" };

    internal static string Path(string id) => $"/api/tenant-backups/{Uri.EscapeDataString(id)}";

    internal static string PathOfTenant(string tenant) => $"/api/tenants/{Uri.EscapeDataString(tenant)}/backups";
}
