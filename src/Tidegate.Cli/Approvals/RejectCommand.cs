using System.CommandLine;
using Tidegate.Contracts.Approvals;

namespace Tidegate.Cli.Approvals;

internal static class RejectCommand
{
    private const string Text = """
        Say no to a plan: it does not start until that is taken back, or until the plan is another

        Example: tidegate approval reject a-01890f3e7c5b7000a000000000000001 --reason "the tills are counted tonight"
        """;

    public static Command Create()
    {
        var id = ApprovalCommands.IdArgument();
        var reason = new Option<string>("--reason")
        {
            Description = "Why, in one line; kept in the ledger, and told to whoever waits",
            Required = true,
        };
        var json = JsonOption.Create();
        var command = new Command("reject", Text) { id, reason, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var rejected = await client.PostAsync<RejectApproval, ApprovalView>(
                    ApprovalCommands.Path(parsed.GetRequiredValue(id), "reject"),
                    new RejectApproval(parsed.GetRequiredValue(reason), ApprovalCommands.NewKey()),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(rejected);
                }
                else
                {
                    await parsed.Output().WriteLineAsync(ApprovalText.Line(rejected));
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
