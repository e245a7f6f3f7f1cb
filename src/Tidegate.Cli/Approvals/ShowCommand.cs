using System.CommandLine;
using Tidegate.Contracts.Approvals;

namespace Tidegate.Cli.Approvals;

internal static class ShowCommand
{
    private const string Text = """
        Show a plan to which people have to agree: what it changes, who has agreed, and who could

        Example: tidegate approval show a-01890f3e7c5b7000a000000000000001

        Exit code 3 where it is not approved.
        """;

    public static Command Create()
    {
        var id = ApprovalCommands.IdArgument();
        var json = JsonOption.Create();
        var command = new Command("show", Text) { id, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var approval = await client.GetAsync<ApprovalView>(
                    ApprovalCommands.Path(parsed.GetRequiredValue(id)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(approval);
                }
                else
                {
                    ApprovalText.Write(parsed.Output(), approval);
                }

                return approval.State is "approved" ? ExitCodes.Done : ExitCodes.Blocked;
            }
        );
        return command;
    }
}
