using System.CommandLine;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Approvals;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli.Approvals;

internal static class AskCommand
{
    private const string Text = """
        Ask for the approval of what is planned now; nothing starts by it

        Example: tidegate approval ask --release 2026.11.2 --environment production

        A start that lacks approval asks for it by itself.
        """;

    public static Command Create()
    {
        var rules = new RuleOptions();
        var json = JsonOption.Create();
        var command = new Command("ask", Text) { json };
        rules.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var approval = await client.PostAsync<PlanRollout, ApprovalView>(
                    "/api/approvals",
                    rules.Read(parsed),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(approval);
                }
                else
                {
                    await parsed.Output().WriteLineAsync(ApprovalText.Line(approval));
                    await parsed.WriteNextAsync($"tidegate approval show {approval.Id}");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
