using System.CommandLine;
using Tidegate.Contracts.Access;

namespace Tidegate.Cli.Access;

internal static class PasswordCommand
{
    public static Command Create()
    {
        var old = SecretInput.File("--password-file", "the password of now");
        var chosen = SecretInput.File("--new-password-file", "the new password");
        var command = new Command(
            "password",
            "Change your own password; your other sessions end\n\nExample: tidegate access password"
        )
        {
            old,
            chosen,
        };
        command.SetAction(
            JsonOption.Create(),
            (client, parsed, cancellationToken) =>
                client.PostAsync<ChangePassword, AccountView>(
                    "/api/access/password",
                    new(
                        SecretInput.Read(parsed, old, "password of now: "),
                        SecretInput.Read(parsed, chosen, "new password: ")
                    ),
                    cancellationToken
                ),
            (account, parsed) => parsed.Output().WriteLine($"The password of {account.Name} is changed.")
        );
        return command;
    }
}
