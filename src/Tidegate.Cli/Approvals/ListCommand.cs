using System.CommandLine;
using Tidegate.Cli.Promotion;
using Tidegate.Contracts.Approvals;

namespace Tidegate.Cli.Approvals;

internal static class ListCommand
{
    private const string Text = """
        List plans to which people have to agree, with what is missing; the newest first

        Example: tidegate approval list --environment production
        """;

    public static Command Create()
    {
        var environment = new Option<string?>("--environment", "-e") { Description = "Only there" };
        var json = JsonOption.Create();
        var command = new Command("list", Text) { environment, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var only = parsed.GetValue(environment) is { } name ? $"?environment={Uri.EscapeDataString(name)}" : "";
                var approvals = await client.GetAsync<IReadOnlyList<ApprovalSummary>>(
                    $"/api/approvals{only}",
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(approvals);
                    return ExitCodes.Done;
                }

                if (approvals.Count == 0)
                {
                    await parsed.Error().WriteLineAsync("nothing asks for approval");
                    return ExitCodes.Done;
                }

                TextTable.Write(
                    parsed.Output(),
                    ["APPROVAL", "ENVIRONMENT", "RELEASE", "STATE", "ASKED", "MISSING"],
                    approvals.Select(approval =>
                        (IReadOnlyList<string>)
                            [
                                approval.Id,
                                approval.Environment,
                                approval.Release,
                                approval.State,
                                PromotionText.Instant(approval.AskedAt),
                                approval.Missing.Count == 0 ? "-" : approval.Missing[0],
                            ]
                    )
                );
                if (approvals.FirstOrDefault(approval => approval.State is "open") is { } open)
                {
                    await parsed.WriteNextAsync($"tidegate approval show {open.Id}");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
