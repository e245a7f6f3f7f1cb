using System.CommandLine;

namespace Tidegate.Cli.Policy;

internal static class PolicyCommands
{
    public static Command Create() => new("policy", "What environments ask of change: test");
}
