using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Drills;

namespace Tidegate.Cli.Drills;

internal static class ListCommand
{
    public static Command Create()
    {
        var scenario = new Option<string?>("--scenario") { Description = "Only of this scenario" };
        var json = JsonOption.Create();
        var command = new Command(
            "list",
            "List drills that were played, the newest first\n\nExample: tidegate drill list --scenario cluster-loss"
        )
        {
            scenario,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var query = parsed.GetValue(scenario) is { } word ? $"?scenario={Uri.EscapeDataString(word)}" : "";
                var drills = await client.GetAsync<IReadOnlyList<DrillView>>($"/api/drills{query}", cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(drills);
                }
                else
                {
                    TextTable.Write(
                        parsed.Output(),
                        ["SCENARIO", "OF", "ENDED", "VERDICT", "TIME", "POINT", "DRILL"],
                        drills.Select(Row)
                    );
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static IReadOnlyList<string> Row(DrillView drill) =>
        [
            drill.Scenario,
            drill.Tenant ?? drill.Site,
            drill.EndedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            drill.Verdict,
            DrillLines.Seconds(drill.RecoveryTimeSeconds),
            DrillLines.Seconds(drill.RecoveryPointSeconds),
            drill.Id,
        ];
}
