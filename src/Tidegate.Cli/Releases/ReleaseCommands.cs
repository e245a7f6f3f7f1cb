using System.CommandLine;

namespace Tidegate.Cli.Releases;

internal static class ReleaseCommands
{
    public static Command Create() =>
        new("release", "Releases: build, register, list, show, diff, validate, block, unblock, run in a sandbox")
        {
            ListCommand.Create(),
            RegisterCommand.Create(),
            BlockCommand.Block(),
            BlockCommand.Unblock(),
            ProbeCommand.Create(),
            CapabilityCommand.Create(),
        };
}
