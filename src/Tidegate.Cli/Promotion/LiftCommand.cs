using System.CommandLine;
using Tidegate.Contracts.Promotion;

namespace Tidegate.Cli.Promotion;

internal static class LiftCommand
{
    private const string Text = """
        Let automation promote a release again that went back in an environment

        Example: tidegate promotion lift production --release 2026.11.2 --reason "the disk was full, not the release"

        Where git still asks for the release there, it starts again as soon as every other gate passes.
        """;

    public static Command Create()
    {
        var environment = PromotionCommands.EnvironmentArgument();
        var release = new Option<string?>("--release")
        {
            Description = "Only this release (default: all that are held there)",
        };
        var reason = new Option<string>("--reason")
        {
            Description = "Why it may be tried again, in one line; kept in the ledger",
            Required = true,
        };
        var json = JsonOption.Create();
        var command = new Command("lift", Text) { environment, release, reason, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var lifted = await client.PostAsync<LiftHold, IReadOnlyList<PromotionHoldView>>(
                    PromotionCommands.Path(parsed.GetRequiredValue(environment), "lift"),
                    new LiftHold(parsed.GetRequiredValue(reason), parsed.GetValue(release)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(lifted);
                    return ExitCodes.Done;
                }

                foreach (var hold in lifted)
                {
                    await parsed.Output().WriteLineAsync($"{hold.Release} is held in {hold.Environment} no more");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
