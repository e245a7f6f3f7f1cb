using System.CommandLine;

namespace Tidegate.Cli.Drift;

internal static class DriftCommands
{
    public static Command Create() =>
        new("drift", "Live state that differs from what it should be: show, check, heal")
        {
            ShowCommand.Create(),
            CheckCommand.Create(),
            HealCommand.Create(),
        };

    public static Option<string?> Environment() =>
        new("--environment", "-e") { Description = "Only of this environment" };
}
