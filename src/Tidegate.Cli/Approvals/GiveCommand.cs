using System.CommandLine;
using Tidegate.Contracts.Approvals;

namespace Tidegate.Cli.Approvals;

internal static class GiveCommand
{
    private const string Text = """
        Agree to exactly the plan that tidegate approval show shows

        Example: tidegate approval give a-01890f3e7c5b7000a000000000000001 --plan sha256:4f1c…

        What is approved is this plan, of this digest, for these tenants, under this policy: when any of it changes,
        the approval is void. Whoever asked for it or wrote it is refused.
        """;

    public static Command Create()
    {
        var id = ApprovalCommands.IdArgument();
        var plan = new Option<string?>("--plan")
        {
            Description = "The hash of the plan that was looked at (default: the one that is asked for)",
        };
        var reason = new Option<string?>("--reason") { Description = "Why, in one line; kept in the ledger" };
        var json = JsonOption.Create();
        var command = new Command("give", Text) { id, plan, reason, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var approval = parsed.GetRequiredValue(id);
                var hash =
                    parsed.GetValue(plan)
                    ?? (await client.GetAsync<ApprovalView>(ApprovalCommands.Path(approval), cancellationToken))
                        .Plan
                        .Hash;
                var given = await client.PostAsync<GiveApproval, ApprovalView>(
                    ApprovalCommands.Path(approval, "give"),
                    new GiveApproval(hash, ApprovalCommands.NewKey(), parsed.GetValue(reason)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(given);
                }
                else
                {
                    await parsed.Output().WriteLineAsync(ApprovalText.Line(given));
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
