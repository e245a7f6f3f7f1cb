using System.CommandLine;

namespace Tidegate.Cli.Promotion;

internal static class PromotionCommands
{
    public static Command Create() =>
        new("promotion", "What git asks for and what keeps it from starting: list, show, start, lift")
        {
            ListCommand.Create(),
            ShowCommand.Create(),
            StartCommand.Create(),
            LiftCommand.Create(),
        };

    public static Argument<string> EnvironmentArgument() =>
        new("environment") { Description = "The environment, like production" };

    public static string Path(string environment, string verb = "") =>
        $"/api/environments/{Uri.EscapeDataString(environment)}/promotion{(verb.Length == 0 ? "" : $"/{verb}")}";
}
