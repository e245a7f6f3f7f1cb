using System.CommandLine;

namespace Tidegate.Cli.Objectives;

internal static class ObjectiveCommands
{
    public static Command Create() =>
        new("objectives", "How soon business processes must work again after a loss, as git says it: list, show")
        {
            ListCommand.Create(),
            ShowCommand.Create(),
        };
}
