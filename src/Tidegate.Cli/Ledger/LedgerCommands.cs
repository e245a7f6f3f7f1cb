using System.CommandLine;

namespace Tidegate.Cli.Ledger;

internal static class LedgerCommands
{
    public static Command Create() =>
        new(
            "ledger",
            "What was done, by whom and why, so that nobody can change it unseen: list, status, export, prove, verify, retention"
        )
        {
            ListCommand.Create(),
            StatusCommand.Create(),
            ExportCommand.Create(),
            ProveCommand.Create(),
            RetentionCommands.Create(),
        };
}
