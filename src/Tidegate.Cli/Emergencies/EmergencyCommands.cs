using System.CommandLine;
using Tidegate.Cli.Promotion;
using Tidegate.Contracts.Emergencies;

namespace Tidegate.Cli.Emergencies;

internal static class EmergencyCommands
{
    public static Command Create() =>
        new("emergency", "Starts that went past git or past gates, and their reviews: list, show, second, close")
        {
            ListCommand.Create(),
            Say(
                "show",
                "Show an emergency: what it went past, why, and what was said of it\n\nExample: tidegate emergency show e-01890f3e7c5b7000a000000000000001",
                verb: null,
                isReasonRequired: false
            ),
            Say(
                "second",
                "Say yes as the second person, so that its rollout goes on\n\nExample: tidegate emergency second e-01890f3e7c5b7000a000000000000001\n\nWhoever began it is refused.",
                "second",
                isReasonRequired: false
            ),
            Say(
                "close",
                "End its review, so that ordinary releases go on\n\nExample: tidegate emergency close e-01890f3e7c5b7000a000000000000001 --reason \"the fix is in git; the freeze was right\"\n\nWhoever began it is refused.",
                "close",
                isReasonRequired: true
            ),
        };

    private static Command Say(string name, string text, string? verb, bool isReasonRequired)
    {
        var id = new Argument<string>("emergency") { Description = "Its id, e-…; tidegate emergency list shows it" };
        var reason = new Option<string?>("--reason")
        {
            Description = isReasonRequired
                ? "What was found, in one line; kept in the ledger"
                : "Why, in one line; kept in the ledger",
            Required = isReasonRequired,
        };
        var json = JsonOption.Create();
        var command = new Command(name, text) { id, json };
        if (verb is not null)
        {
            command.Add(reason);
        }

        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var path = $"/api/emergencies/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}";
                var emergency = verb is null
                    ? await client.GetAsync<EmergencyView>(path, cancellationToken)
                    : await client.PostAsync<SayOfEmergency, EmergencyView>(
                        $"{path}/{verb}",
                        new SayOfEmergency(parsed.GetValue(reason)),
                        cancellationToken
                    );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(emergency);
                }
                else
                {
                    Write(parsed.Output(), emergency);
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static void Write(TextWriter output, EmergencyView emergency)
    {
        output.WriteLine(
            $"EMERGENCY {emergency.Id}  {emergency.Release} to {emergency.Environment}  {emergency.State}"
        );
        output.WriteLine(
            $"  begun {PromotionText.Instant(emergency.At)} by {emergency.By}, until {PromotionText.Instant(emergency.Expires)}: {emergency.Reason}"
        );
        output.WriteLine(
            $"  went past {(emergency.Overrides.Count == 0 ? "git alone" : $"git, {string.Join(", ", emergency.Overrides)}")}; rollout {emergency.Rollout}"
        );
        if (emergency is { SecondUntil: { } until, Seconded: null })
        {
            output.WriteLine($"  a second person has to say yes until {PromotionText.Instant(until)}");
        }

        Write(output, "seconded", emergency.Seconded);
        Write(output, "halted", emergency.Halted);
        Write(output, "closed", emergency.Closed);
    }

    private static void Write(TextWriter output, string said, EmergencyWordView? word)
    {
        if (word is not null)
        {
            output.WriteLine(
                $"  {said} {PromotionText.Instant(word.At)} by {word.By}{(word.Reason is { } reason ? $": {reason}" : "")}"
            );
        }
    }
}
