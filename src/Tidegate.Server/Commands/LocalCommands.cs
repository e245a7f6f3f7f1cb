using System.CommandLine;

namespace Tidegate.Server.Commands;

/// <summary>Commands that work on this machine: they hold drivers, or are a role of this executable.</summary>
internal static class LocalCommands
{
    public static IEnumerable<Command> All(TimeProvider clock) =>
        [SiteCommand.Create(), ReleaseCommand.Create(clock), FleetCommand.Create(), ServerCommand.Create()];
}
