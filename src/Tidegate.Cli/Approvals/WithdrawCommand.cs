using System.CommandLine;
using Tidegate.Contracts.Approvals;

namespace Tidegate.Cli.Approvals;

internal static class WithdrawCommand
{
    private const string Text = """
        Take back what you said of a plan, an agreement or a rejection

        Example: tidegate approval withdraw a-01890f3e7c5b7000a000000000000001 --reason "I had looked at the wrong shop"

        A rollout that runs goes on: tidegate rollout abort stops it.
        """;

    public static Command Create()
    {
        var id = ApprovalCommands.IdArgument();
        var reason = new Option<string?>("--reason") { Description = "Why, in one line; kept in the ledger" };
        var json = JsonOption.Create();
        var command = new Command("withdraw", Text) { id, reason, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var left = await client.PostAsync<WithdrawApproval, ApprovalView>(
                    ApprovalCommands.Path(parsed.GetRequiredValue(id), "withdraw"),
                    new WithdrawApproval(parsed.GetValue(reason)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(left);
                }
                else
                {
                    await parsed.Output().WriteLineAsync(ApprovalText.Line(left));
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
