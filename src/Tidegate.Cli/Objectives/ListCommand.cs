using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Objectives;

namespace Tidegate.Cli.Objectives;

internal static class ListCommand
{
    public static Command Create()
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only those that cover this tenant" };
        var json = JsonOption.Create();
        var command = new Command(
            "list",
            "List recovery objectives\n\nExample: tidegate objectives list --tenant shop-oslo"
        )
        {
            tenant,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var query = parsed.GetValue(tenant) is { } name ? $"?tenant={Uri.EscapeDataString(name)}" : "";
                var objectives = await client.GetAsync<IReadOnlyList<ObjectiveView>>(
                    $"/api/objectives{query}",
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(objectives);
                }
                else
                {
                    TextTable.Write(
                        parsed.Output(),
                        ["OBJECTIVE", "PROCESS", "TIME", "POINT", "DRILLS", "PROOF", "TENANTS"],
                        objectives.Select(Row)
                    );
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static IReadOnlyList<string> Row(ObjectiveView objective) =>
        [
            objective.Name,
            objective.Process,
            ObjectiveText.Duration(objective.RecoveryTimeSeconds),
            ObjectiveText.Duration(objective.RecoveryPointSeconds),
            objective.Drills.Count == 0 ? "-" : string.Join(", ", objective.Drills.Select(ObjectiveText.Cadence)),
            objective.Proof,
            objective.TenantCount.ToString(CultureInfo.InvariantCulture),
        ];
}
