using System.CommandLine;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli.Rollouts;

internal static class ShowCommand
{
    public static Command Create()
    {
        var id = RolloutArgument.Create();
        var json = JsonOption.Create();
        var command = new Command(
            "show",
            "Show a rollout's tenants and steps\n\nExample: tidegate rollout show r-0199…"
        )
        {
            id,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var rollout = await client.GetAsync<RolloutView>(
                    RolloutArgument.Path(parsed.GetRequiredValue(id)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(rollout);
                }
                else
                {
                    RolloutText.Write(rollout, parsed.Output());
                    await RolloutText.WriteNextAsync(rollout, parsed);
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
