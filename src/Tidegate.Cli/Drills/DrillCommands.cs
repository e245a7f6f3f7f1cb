using System.CommandLine;

namespace Tidegate.Cli.Drills;

internal static class DrillCommands
{
    public static Command Create() =>
        new(
            "drill",
            "Losses that are played through for real, beside production, and measured: run, list, show, report; runbook for when no server runs"
        )
        {
            RunCommand.Create(),
            ListCommand.Create(),
            ShowCommand.Create(),
            ReportCommand.Create(),
        };

    public static Argument<string> Id() => new("drill") { Description = "The drill's id, as drill list shows it" };

    public static string Path(string id) => $"/api/drills/{Uri.EscapeDataString(id)}";
}
