using System.CommandLine;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli.Rollouts;

internal static class AbortCommand
{
    public static Command Create()
    {
        var id = RolloutArgument.Create();
        var reason = ReasonOption.Create();
        var json = JsonOption.Create();
        var command = new Command(
            "abort",
            "Give a rollout up: no tenant begins any more, tenants that have not begun to open go back, the others finish\n\nExample: tidegate rollout abort r-0199… --reason \"the shops open early\""
        )
        {
            id,
            reason,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var aborted = await client.PostAsync<AbortRollout, AbortedRollout>(
                    $"{RolloutArgument.Path(parsed.GetRequiredValue(id))}/abort",
                    new AbortRollout(parsed.GetValue(reason)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(aborted);
                }
                else
                {
                    Write(aborted, parsed.Output());
                    await WriteNextAsync(aborted, parsed);
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static void Write(AbortedRollout aborted, TextWriter writer)
    {
        writer.WriteLine($"rollout {aborted.Id} is aborted");
        WriteTenants(writer, "going back", aborted.GoingBack);
        WriteTenants(writer, "finishing, since opening had begun", aborted.Finishing);
        WriteTenants(writer, "asking a person", aborted.Asking);
        writer.WriteLine($"  never begun: {aborted.Untouched}");
    }

    private static void WriteTenants(TextWriter writer, string what, IReadOnlyList<string> tenants)
    {
        if (tenants.Count > 0)
        {
            writer.WriteLine($"  {what}: {string.Join(", ", tenants)}");
        }
    }

    private static async Task WriteNextAsync(AbortedRollout aborted, ParseResult parsed)
    {
        if (aborted.Asking.Count > 0)
        {
            await parsed.WriteNextAsync($"tidegate rollout resume {aborted.Id}");
        }

        await parsed.WriteNextAsync($"tidegate rollout watch {aborted.Id}");
    }
}
