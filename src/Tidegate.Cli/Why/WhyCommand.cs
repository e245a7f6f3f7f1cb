using System.CommandLine;
using Tidegate.Cli.Blockers;
using Tidegate.Contracts.Why;

namespace Tidegate.Cli.Why;

/// <summary><c>tidegate why OBJECT</c>: the chain from what does not move to what is blocked.</summary>
internal static class WhyCommand
{
    private const string Text = """
        Show why something does not move: what it waits for, down to the rule in git, who clears it and how

        Examples:
          tidegate why shop-oslo
          tidegate why 2026.11.2
          tidegate why environment/production
          tidegate why 4f1c2d9

        A name is enough where only one object has it. docs/blockers.md tells how to read the answer.
        """;

    public static Command Create()
    {
        var what = new Argument<string>("object")
        {
            Description =
                "A tenant, rollout, release, environment, commit or approval; with its kind where a name is not enough",
        };
        what.CompletionSources.Add("tenant/", "rollout/", "release/", "environment/", "commit/", "approval/");
        var json = JsonOption.Create();
        var command = new Command("why", Text) { what, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var answer = await client.GetAsync<WhyView>(
                    $"/api/why?of={Uri.EscapeDataString(parsed.GetRequiredValue(what))}",
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(answer);
                    return ExitCodes.Done;
                }

                Write(parsed.Output(), answer);
                if (!answer.IsBlocked)
                {
                    await parsed.Error().WriteLineAsync("nothing is blocked");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static void Write(TextWriter output, WhyView answer)
    {
        foreach (var link in answer.Chain)
        {
            output.WriteLine(link.What);
            foreach (var blocker in link.Blockers)
            {
                BlockerText.Write(output, blocker, "  ");
            }
        }

        if (!answer.IsWhole)
        {
            output.WriteLine("There is more behind it: ask about what is named last.");
        }
    }
}
