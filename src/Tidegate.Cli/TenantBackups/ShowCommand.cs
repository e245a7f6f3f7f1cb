using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.TenantBackups;

namespace Tidegate.Cli.TenantBackups;

internal static class ShowCommand
{
    public static Command Create()
    {
        var id = TenantBackupCommands.Id();
        var json = JsonOption.Create();
        var command = new Command(
            "show",
            "Show a backup of a tenant and what a verification found\n\nExample: tidegate tenant backups show tb-0199…"
        )
        {
            id,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var backup = await client.GetAsync<TenantBackupView>(
                    TenantBackupCommands.Path(parsed.GetRequiredValue(id)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(backup);
                }
                else
                {
                    Write(backup, parsed.Output());
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static void Write(TenantBackupView backup, TextWriter writer)
    {
        writer.WriteLine(
            $"{backup.Tenant} on site {backup.Site} at {backup.TakenAt:u}, release {backup.Release}: {BackupText.State(backup)}"
        );
        writer.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  database {BackupText.Size(backup.DatabaseBytes)} in a dump of {BackupText.Size(backup.DumpBytes)}, {backup.Files} files of {BackupText.Size(backup.FileBytes)}; {BackupText.Size(backup.NewBytes)} were new; {(backup.IsEncrypted ? "encrypted" : "not encrypted")}"
            )
        );
        writer.WriteLine(
            backup.ExpiredAt is { } expired ? $"  removed at {expired:u}"
            : backup.KeepUntil is { } until ? $"  kept until {until:u}"
            : $"  kept as {backup.Kept}"
        );
        if (backup.Faults > 0)
        {
            writer.WriteLine($"  its source lacked {backup.Faults} files; the manifest names them");
        }

        if (backup.Verified is { } verified)
        {
            writer.WriteLine($"  verified at {verified.At:u}: {verified.Finding}");
        }

        writer.WriteLine($"  manifest {backup.Manifest}, sha256:{backup.ManifestSha256}");
    }
}
