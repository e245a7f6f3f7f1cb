using Tidegate.Cli;

namespace Tidegate.Server.Commands;

/// <summary>Commands that work on this machine: they hold drivers, or are a role of this executable.</summary>
internal static class LocalCommands
{
    public static IEnumerable<LocalVerbs> All(TimeProvider clock) =>
        [
            new(null, [SiteCommand.Create(), PromoteCommand.Create(), ServerCommand.Create()]),
            new("release", ReleaseCommand.Verbs(clock)),
            new("ledger", [LedgerVerifyCommand.Create()]),
            new("drill", [DrillRunbookCommand.Create()]),
            new("control", [ControlRestoreCommand.Create()]),
            new("fleet", FleetCommand.Verbs()),
            new("policy", [PolicyTestCommand.Create()]),
            new("calendar", [CalendarTestCommand.Create(), CalendarImportCommand.Create()]),
        ];
}
