using System.CommandLine;
using Tidegate.Contracts.Blockers;

namespace Tidegate.Cli.Blockers;

internal static class BlockersCommand
{
    public static Command Create()
    {
        var json = JsonOption.Create();
        var command = new Command(
            "blockers",
            "Show what is not moving, why, and who does what about it\n\nExample: tidegate blockers"
        )
        {
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var blockers = await client.GetAsync<IReadOnlyList<BlockerView>>("/api/blockers", cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(blockers);
                    return ExitCodes.Done;
                }

                foreach (var blocker in blockers)
                {
                    BlockerText.Write(parsed.Output(), blocker);
                }

                if (blockers.Count == 0)
                {
                    await parsed.Error().WriteLineAsync("nothing is blocked");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
