using System.CommandLine;
using Tidegate.Contracts.Objectives;

namespace Tidegate.Cli.Objectives;

internal static class ShowCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("objective") { Description = "Its name, as objectives list shows it" };
        var json = JsonOption.Create();
        var command = new Command(
            "show",
            "Show a recovery objective and whom it covers\n\nExample: tidegate objectives show order-capture"
        )
        {
            name,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var details = await client.GetAsync<ObjectiveDetails>(
                    $"/api/objectives/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}",
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(details);
                }
                else
                {
                    Write(details, parsed.Output());
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static void Write(ObjectiveDetails details, TextWriter writer)
    {
        var objective = details.Objective;
        writer.WriteLine(
            $"{objective.Name}: {objective.Process} works again within {ObjectiveText.Duration(objective.RecoveryTimeSeconds)} and loses at most {ObjectiveText.Duration(objective.RecoveryPointSeconds)}"
        );
        writer.WriteLine($"  documents  {Words(objective.Documents)}");
        writer.WriteLine($"  drills     {Words([.. objective.Drills.Select(ObjectiveText.Cadence)])}");
        writer.WriteLine($"  proof      {objective.Proof}");
        writer.WriteLine($"  tenants    {Words(details.Tenants)}{More(details)}");
    }

    private static string More(ObjectiveDetails details) =>
        details.Objective.TenantCount - details.Tenants.Count is > 0 and var more
            ? FormattableString.Invariant($" and {more} more")
            : "";

    private static string Words(IReadOnlyList<string> words) => words.Count == 0 ? "none" : string.Join(", ", words);
}
