using System.CommandLine;

namespace Tidegate.Cli.Rollouts;

internal static class WatchCommand
{
    public static Command Create()
    {
        var id = RolloutArgument.Create();
        var json = JsonOption.Create();
        var command = new Command(
            "watch",
            "Follow a rollout until it ends; exit code 2 when it was halted or rolled back, 8 when it was aborted or superseded\n\nExample: tidegate rollout watch r-0199…"
        )
        {
            id,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                return await new RolloutFollower(client, parsed, parsed.GetValue(json)).FollowAsync(
                    parsed.GetRequiredValue(id),
                    cancellationToken
                );
            }
        );
        return command;
    }
}
