using System.CommandLine;
using Tidegate.Cli.Client;
using Tidegate.Contracts.Access;

namespace Tidegate.Cli.Access;

/// <summary><c>tidegate logout</c>: ends the session, here and in the control plane.</summary>
internal static class LogoutCommand
{
    public static Command Create()
    {
        var json = JsonOption.Create();
        var command = new Command("logout", "Sign out: the session ends\n\nExample: tidegate logout") { json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var address = ServerOption.Address(parsed);
                using var client = ServerOption.Connect(parsed);
                var ended = await client.PostAsync<object, RevokedTokenView>(
                    "/api/sign-out",
                    new { },
                    cancellationToken
                );
                File.Delete(TokenOption.File(parsed) ?? TokenFile.OfSession(address));
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(ended);
                }
                else
                {
                    await parsed.Output().WriteLineAsync("Signed out.");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
