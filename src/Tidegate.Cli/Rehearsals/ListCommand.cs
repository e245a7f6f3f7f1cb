using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Rehearsals;

namespace Tidegate.Cli.Rehearsals;

internal static class ListCommand
{
    public static Command Create()
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only of this tenant" };
        var json = JsonOption.Create();
        var command = new Command(
            "list",
            "List rehearsals that were done, the newest first\n\nExample: tidegate rehearsal list --tenant shop-oslo"
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
                var rehearsals = await client.GetAsync<IReadOnlyList<RehearsalView>>(
                    $"/api/rehearsals{query}",
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(rehearsals);
                }
                else
                {
                    TextTable.Write(
                        parsed.Output(),
                        ["TENANT", "FROM", "TO", "ENDED", "PASSED", "CLASS", "BACKUP", "REHEARSAL"],
                        rehearsals.Select(Row)
                    );
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static IReadOnlyList<string> Row(RehearsalView rehearsal) =>
        [
            rehearsal.Tenant,
            rehearsal.From,
            rehearsal.To,
            rehearsal.EndedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            rehearsal.HasPassed ? "yes" : "no",
            rehearsal.Class ?? "-",
            rehearsal.Backup,
            rehearsal.Id,
        ];
}
