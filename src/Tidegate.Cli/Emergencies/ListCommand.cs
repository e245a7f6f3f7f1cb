using System.CommandLine;
using Tidegate.Cli.Promotion;
using Tidegate.Contracts.Emergencies;

namespace Tidegate.Cli.Emergencies;

internal static class ListCommand
{
    public static Command Create()
    {
        var json = JsonOption.Create();
        var command = new Command(
            "list",
            "List emergencies, the newest first; open ones keep ordinary releases waiting\n\nExample: tidegate emergency list"
        )
        {
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var all = await client.GetAsync<IReadOnlyList<EmergencyView>>("/api/emergencies", cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(all);
                    return ExitCodes.Done;
                }

                if (all.Count == 0)
                {
                    await parsed.Error().WriteLineAsync("there was no emergency");
                    return ExitCodes.Done;
                }

                TextTable.Write(
                    parsed.Output(),
                    ["EMERGENCY", "ENVIRONMENT", "RELEASE", "STATE", "BY", "BEGUN", "REASON"],
                    all.Select(each =>
                        (IReadOnlyList<string>)
                            [
                                each.Id,
                                each.Environment,
                                each.Release,
                                each.State,
                                each.By,
                                PromotionText.Instant(each.At),
                                each.Reason,
                            ]
                    )
                );
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
