using System.CommandLine;
using Tidegate.Contracts.Backups;

namespace Tidegate.Cli.Backups;

internal static class StatusCommand
{
    public static Command Create()
    {
        var (site, json) = (new Option<string?>("--site") { Description = "Only this site" }, JsonOption.Create());
        var command = new Command(
            "status",
            "Show how sites are protected: newest backups and archive; exit code 3 when one is not\n\nExample: tidegate backup status"
        )
        {
            site,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var only = parsed.GetValue(site);
                var sites = (
                    await client.GetAsync<IReadOnlyList<BackupStatusView>>("/api/backups/status", cancellationToken)
                )
                    .Where(status => only is null || string.Equals(status.Site, only, StringComparison.Ordinal))
                    .ToList();
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(sites);
                }
                else
                {
                    TextTable.Write(
                        parsed.Output(),
                        ["SITE", "NEWEST BACKUP", "ENDED", "PROVEN", "ARCHIVED TO", "AT", "ARCHIVE"],
                        sites.Select(Row)
                    );
                }

                return sites.TrueForAll(status => status is { IsContinuous: true, Newest: not null })
                    ? ExitCodes.Done
                    : ExitCodes.Blocked;
            }
        );
        return command;
    }

    private static IReadOnlyList<string> Row(BackupStatusView status) =>
        [
            status.Site,
            status.Newest ?? "none",
            BackupText.Moment(status.NewestAt),
            status.NewestProven ?? "none",
            status.LastArchived ?? "-",
            BackupText.Moment(status.LastArchivedAt),
            status.SeenAt is null ? "not looked at yet"
            : status.Problem is { } problem ? problem
            : status.Gap is { } gap ? $"lacks {gap}"
            : status.Newest is null ? "no backup to begin at"
            : "complete",
        ];
}
