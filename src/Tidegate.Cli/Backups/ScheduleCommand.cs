using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Backups;

namespace Tidegate.Cli.Backups;

internal static class ScheduleCommand
{
    public static Command Create()
    {
        var full = new Option<double>("--full-every") { Description = "Hours between full backups", Required = true };
        var differential = new Option<double?>("--differential-every")
        {
            Description = "Hours after which what changed since is backed up (default: full ones only)",
        };
        var (site, json) = (BackupCommands.Site(), JsonOption.Create());
        var command = new Command(
            "schedule",
            "Say how often a site is backed up; one that is overdue is a blocker\n\nExample: tidegate backup schedule --full-every 168 --differential-every 24"
        )
        {
            full,
            differential,
            site,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var status = await client.PostAsync<ScheduleBackups, BackupStatusView>(
                    "/api/backups/schedule",
                    new(parsed.GetValue(full), parsed.GetValue(differential), parsed.GetValue(site)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(status);
                }
                else
                {
                    await parsed
                        .Output()
                        .WriteLineAsync(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"site {status.Site}: full every {status.FullEveryHours} h, differential {(status.DifferentialEveryHours is { } hours ? $"every {hours} h" : "never")}"
                            )
                        );
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
