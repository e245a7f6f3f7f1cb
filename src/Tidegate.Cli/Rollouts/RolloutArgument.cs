using System.CommandLine;

namespace Tidegate.Cli.Rollouts;

/// <summary>The rollout that a command is about.</summary>
internal static class RolloutArgument
{
    public static Argument<string> Create() => new("rollout") { Description = "The rollout's id" };

    /// <summary>Its place in the API.</summary>
    public static string Path(string rollout) => $"/api/rollouts/{Uri.EscapeDataString(rollout)}";
}
