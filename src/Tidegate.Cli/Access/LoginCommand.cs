using System.CommandLine;
using Tidegate.Cli.Client;
using Tidegate.Contracts.Access;

namespace Tidegate.Cli.Access;

/// <summary><c>tidegate login NAME</c>: signs a person in and keeps the session's token.</summary>
internal static class LoginCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Of the person: anna" };
        var password = SecretInput.File("--password-file", "the password");
        var json = JsonOption.Create();
        var command = new Command(
            "login",
            "Sign in by password; other commands show the session from then on\n\nExample: tidegate login anna"
        )
        {
            name,
            password,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var address = ServerOption.Address(parsed);
                using var client = new ControlPlaneClient(address);
                var signed = await client.PostAsync<SignIn, SignedInView>(
                    "/api/sign-in",
                    new(parsed.GetRequiredValue(name), SecretInput.Read(parsed, password, "password: ")),
                    cancellationToken
                );
                var file = TokenOption.File(parsed) ?? TokenFile.OfSession(address);
                TokenFile.Write(file, signed.Token);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(signed with { Token = $"written to {file}" });
                }
                else
                {
                    await parsed
                        .Output()
                        .WriteLineAsync($"{signed.Who} is signed in until {AccessText.Instant(signed.ExpiresAt)}.");
                }

                if (signed.MustChangePassword)
                {
                    await parsed.WriteNextAsync("tidegate access password; nothing else works before.");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
