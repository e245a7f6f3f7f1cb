using System.CommandLine;
using Tidegate.Contracts.Promotion;

namespace Tidegate.Cli.Promotion;

internal static class StartCommand
{
    private const string Text = """
        Let what waits in an environment start, where its policy waits for a person

        Example: tidegate promotion start production --reason "the day is calm"

        Every other gate has to pass all the same; what was said stays good for this work until it starts.
        """;

    public static Command Create()
    {
        var environment = PromotionCommands.EnvironmentArgument();
        var older = new Option<bool>("--older")
        {
            Description = "Also to a release that was registered before one that tenants run",
        };
        var reason = new Option<string?>("--reason") { Description = "Why, in one line; kept in the ledger" };
        var json = JsonOption.Create();
        var command = new Command("start", Text) { environment, older, reason, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var work = await client.PostAsync<StartPromotion, PromotionView>(
                    PromotionCommands.Path(parsed.GetRequiredValue(environment), "start"),
                    new StartPromotion(parsed.GetValue(reason), parsed.GetValue(older)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(work);
                    return ExitCodes.Done;
                }

                var waits = work.Gates.Where(gate => !gate.LetsThrough).ToList();
                await parsed
                    .Output()
                    .WriteLineAsync(
                        waits.Count == 0
                            ? $"{work.Release} starts in {work.Environment}"
                            : $"{work.Release} starts in {work.Environment} when these gates pass:"
                    );
                PromotionText.Write(parsed.Output(), waits);
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
