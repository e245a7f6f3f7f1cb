using System.CommandLine;

namespace Tidegate.Cli.Rollouts;

internal static class RolloutCommands
{
    public static Command Create() =>
        new("rollout", "Rollouts: plan, start, watch, show, list, abort, resume")
        {
            PlanCommand.Create(),
            StartCommand.Create(),
            WatchCommand.Create(),
            ShowCommand.Create(),
            ListCommand.Create(),
            AbortCommand.Create(),
            ResumeCommand.Create(),
        };
}
