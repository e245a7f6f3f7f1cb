using System.CommandLine;

namespace Tidegate.Cli.Rehearsals;

internal static class RehearsalCommands
{
    public static Command Create() =>
        new("rehearsal", "Upgrades that were done on copies, and what was learnt: list, show")
        {
            ListCommand.Create(),
            ShowCommand.Create(),
        };

    public static string Path(string id) => $"/api/rehearsals/{Uri.EscapeDataString(id)}";
}
