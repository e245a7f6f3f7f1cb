using System.CommandLine;
using Tidegate.Cli.Client;
using Tidegate.Contracts.Access;

namespace Tidegate.Cli.Access;

internal static class AccessCommands
{
    public static Command Create() =>
        new("access", "Who may what: status, whoami, accounts, grants, tokens, password, bootstrap, close, open")
        {
            StatusCommand.Create(),
            WhoAmICommand.Create(),
            AccountCommands.Create(),
            GrantCommands.Create(),
            TokenCommands.Create(),
            PasswordCommand.Create(),
            BootstrapCommand.Create(),
            StatusCommand.Changing(
                "close",
                "Only grants count from now on, for the home's own user too\n\nExample: tidegate access close --reason \"others get in from Monday on\""
            ),
            StatusCommand.Changing(
                "open",
                "The home's own user has every role again, without a grant; only that user may say so\n\nExample: tidegate access open --reason \"the last administrator left\""
            ),
        };

    internal static Option<string?> Reason(bool required = false) =>
        new("--reason") { Description = "Why, for the ledger", Required = required };

    internal static Option<string[]> Environments() =>
        new("--environment", "-e") { Description = "Only there; may be given again (default: everywhere)" };

    internal static Option<string?> Tags() =>
        new("--tags") { Description = "Only tenants with these tags: \"spain and (vip or flagship)\"" };

    internal static Argument<string> Account() => new("account") { Description = "person/NAME or service/NAME" };

    /// <summary>Runs what asks the control plane and shows what came back: as JSON, or by words.</summary>
    internal static void SetAction<TView>(
        this Command command,
        Option<bool> json,
        Func<ControlPlaneClient, ParseResult, CancellationToken, Task<TView>> ask,
        Action<TView, ParseResult> write
    )
    {
        command.Add(json);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var view = await ask(client, parsed, cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(view);
                }
                else
                {
                    write(view, parsed);
                }

                return ExitCodes.Done;
            }
        );
    }

    /// <summary>Roles as a table.</summary>
    internal static void Write(IReadOnlyList<HeldRoleView> roles, TextWriter output) =>
        TextTable.Write(
            output,
            ["ROLE", "WHERE", "GRANT"],
            roles.Select(role =>
                (IReadOnlyList<string>)[role.Role, AccessText.Where(role.Environments, role.Tags), role.Grant ?? "-"]
            )
        );
}
