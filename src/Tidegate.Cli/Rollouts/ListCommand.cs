using System.CommandLine;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli.Rollouts;

internal static class ListCommand
{
    public static Command Create()
    {
        var json = JsonOption.Create();
        var command = new Command("list", "List rollouts, the newest first\n\nExample: tidegate rollout list") { json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var rollouts = await client.GetAsync<IReadOnlyList<RolloutListItem>>(
                    "/api/rollouts",
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(rollouts);
                    return ExitCodes.Done;
                }

                TextTable.Write(
                    parsed.Output(),
                    ["ROLLOUT", "RELEASE", "ENVIRONMENT", "OUTCOME", "REASON"],
                    rollouts.Select(rollout =>
                        (IReadOnlyList<string>)
                            [
                                rollout.Id,
                                rollout.Release,
                                rollout.Environment,
                                rollout.Outcome ?? rollout.State,
                                rollout.Reason ?? "",
                            ]
                    )
                );
                if (rollouts.Count == 0)
                {
                    await parsed.WriteNextAsync("tidegate rollout start --release NAME");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
