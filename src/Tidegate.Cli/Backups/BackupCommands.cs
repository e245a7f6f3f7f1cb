using System.CommandLine;

namespace Tidegate.Cli.Backups;

internal static class BackupCommands
{
    public static Command Create() =>
        new("backup", "Backups of whole sites: run, list, show, verify, status, schedule")
        {
            RunCommand.Create(),
            ListCommand.Create(),
            ShowCommand.Create(),
            VerifyCommand.Create(),
            StatusCommand.Create(),
            ScheduleCommand.Create(),
        };

    internal static Option<string?> Site() =>
        new("--site") { Description = "The site (default: the only one there is)" };
}
