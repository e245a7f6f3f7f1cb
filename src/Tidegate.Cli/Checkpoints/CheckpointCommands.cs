using System.CommandLine;

namespace Tidegate.Cli.Checkpoints;

internal static class CheckpointCommands
{
    public static Command Create() =>
        new("checkpoint", "What tenants could return to: list, drop, measurements")
        {
            ListCommand.Create(),
            DropCommand.Create(),
            MeasurementsCommand.Create(),
        };
}
