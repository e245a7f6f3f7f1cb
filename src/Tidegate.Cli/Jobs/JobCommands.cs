using System.CommandLine;

namespace Tidegate.Cli.Jobs;

internal static class JobCommands
{
    public static Command Create() =>
        new("job", "Long work of sites (backups, restores, rehearsals, drills): list, show, watch, cancel")
        {
            ListCommand.Create(),
            ShowCommand.Create(),
            WatchCommand.Create(),
            CancelCommand.Create(),
        };

    internal static Argument<string> Id() => new("job") { Description = "The job's id, as job list shows it" };

    internal static string Path(string id) => $"/api/jobs/{Uri.EscapeDataString(id)}";
}
