using System.CommandLine;
using Tidegate.Contracts.Backups;

namespace Tidegate.Cli.Backups;

internal static class ListCommand
{
    public static Command Create()
    {
        var (site, json) = (
            new Option<string?>("--site") { Description = "Only backups of this site" },
            JsonOption.Create()
        );
        var command = new Command(
            "list",
            "List the backups there are, the newest first, and how far each was proven\n\nExample: tidegate backup list"
        )
        {
            site,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var backups = await client.GetAsync<IReadOnlyList<BackupView>>(
                    Path(parsed.GetValue(site)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(backups);
                }
                else
                {
                    TextTable.Write(
                        parsed.Output(),
                        ["BACKUP", "SITE", "TYPE", "ENDED", "SIZE", "STORED", "PROVEN"],
                        backups.Select(Row)
                    );
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    internal static string Path(string? site) =>
        "/api/backups?limit=500" + (site is null ? "" : $"&site={Uri.EscapeDataString(site)}");

    private static IReadOnlyList<string> Row(BackupView backup) =>
        [
            backup.Label,
            backup.Site,
            backup.Type,
            BackupText.Moment(backup.StoppedAt),
            BackupText.Size(backup.Bytes),
            BackupText.Size(backup.RepositoryBytes),
            BackupText.Proof(backup),
        ];
}
