using Tidegate.Cli;

namespace Tidegate.Demo.Story;

/// <summary>The people of a story: each has an account, a password that nobody else knows, and a session.</summary>
internal sealed class People(DemoSite site, Operator home)
{
    private const string Reason = "the demo's people";

    /// <summary>Makes the first administrator, who signs in by a file that goes when the password is chosen.</summary>
    public async Task<Operator> FirstAsync(Stage stage, string name, CancellationToken cancellationToken)
    {
        stage.Expect(
            await stage.ShowAsync(
                cancellationToken,
                "access",
                "bootstrap",
                name,
                "--reason",
                "the first administrator"
            ),
            ExitCodes.Done
        );
        return await SignInAsync(name, Path.Combine(site.Layout.Secrets, $"bootstrap-{name}"), cancellationToken);
    }

    /// <summary>Makes a person with these roles.</summary>
    public async Task<Operator> AddAsync(
        Operator administrator,
        string name,
        IEnumerable<string> roles,
        CancellationToken cancellationToken
    )
    {
        var added = await administrator.DoAsync(["access", "accounts", "add", $"person/{name}"], cancellationToken);
        foreach (var role in roles)
        {
            await GrantAsync(administrator, $"person/{name}", role, cancellationToken);
        }

        var secret = added.Lines.ElementAt(1).Split(' ')[^1];
        return await SignInAsync(name, await WriteAsync($"first-{name}", secret, cancellationToken), cancellationToken);
    }

    public static Task GrantAsync(
        Operator administrator,
        string who,
        string role,
        CancellationToken cancellationToken
    ) => administrator.DoAsync(["access", "grants", "add", who, "--role", role, "--reason", Reason], cancellationToken);

    private async Task<Operator> SignInAsync(string name, string secret, CancellationToken cancellationToken)
    {
        var session = Path.Combine(site.Layout.Home, $"session-{name}");
        await home.DoAsync(["login", name, "--password-file", secret, "--token-file", session], cancellationToken);
        var person = new Operator(site.ServerAddress, site.Layout.Home, name, session);
        var chosen = await WriteAsync(
            $"password-{name}",
            Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)),
            cancellationToken
        );
        await person.DoAsync(
            ["access", "password", "--password-file", secret, "--new-password-file", chosen],
            cancellationToken
        );
        return person;
    }

    private async Task<string> WriteAsync(string name, string secret, CancellationToken cancellationToken)
    {
        var path = Path.Combine(site.Layout.Secrets, name);
        await using var stream = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        await using var writer = new StreamWriter(stream);
        await writer.WriteLineAsync(secret.AsMemory(), cancellationToken);
        return path;
    }
}
