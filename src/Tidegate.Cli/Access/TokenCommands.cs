using System.CommandLine;
using Tidegate.Cli.Client;
using Tidegate.Contracts.Access;

namespace Tidegate.Cli.Access;

/// <summary><c>tidegate access tokens</c>: one's own, and with <c>--of</c> those of a service account.</summary>
internal static class TokenCommands
{
    public static Command Create() =>
        new("tokens", "By which programs show themselves: list, add, revoke") { ListAll(), Add(), Revoke() };

    private static Command ListAll()
    {
        var of = Of();
        var command = new Command(
            "list",
            "List tokens that count\n\nExample: tidegate access tokens list --of service/ci"
        )
        {
            of,
        };
        command.SetAction(
            JsonOption.Create(),
            (client, parsed, cancellationToken) =>
                client.GetAsync<IReadOnlyList<TokenView>>(Path(parsed.GetValue(of)), cancellationToken),
            (tokens, parsed) =>
                TextTable.Write(
                    parsed.Output(),
                    ["TOKEN", "LABEL", "FOR", "LAST USED", "EXPIRES", "MADE"],
                    tokens.Select(token =>
                        (IReadOnlyList<string>)
                            [
                                token.Id,
                                token.IsSession ? "(signed in)" : token.Label ?? "-",
                                AccessText.Roles(token.Ceiling),
                                AccessText.Instant(token.UsedAt),
                                AccessText.Instant(token.ExpiresAt),
                                $"{AccessText.Instant(token.MadeAt)} by {token.MadeBy}",
                            ]
                    )
                )
        );
        return command;
    }

    private static Command Add()
    {
        var of = Of();
        var label = new Option<string?>("--label") { Description = "What it is for" };
        var days = new Option<int>("--days")
        {
            Description = "For how long it counts, 366 at most",
            DefaultValueFactory = _ => 90,
        };
        var roles = new Option<string[]>("--role")
        {
            Description = "For this role alone; may be given again (default: all that its owner may)",
        };
        var to = new Option<string?>("--to")
        {
            Description = "File to write it to, mode 0600 (default: it is printed)",
        };
        var (environments, tags) = (AccessCommands.Environments(), AccessCommands.Tags());
        var reason = AccessCommands.Reason();
        var command = new Command(
            "add",
            "Make a token; it is shown this once\n\nExample: tidegate access tokens add --of service/ci --role developer -e staging --days 90 --to ./ci-token"
        )
        {
            of,
            label,
            days,
            roles,
            environments,
            tags,
            reason,
            to,
        };
        command.SetAction(
            JsonOption.Create(),
            async (client, parsed, cancellationToken) =>
            {
                var made = await client.PostAsync<AddToken, MadeTokenView>(
                    Path(parsed.GetValue(of)),
                    new(
                        parsed.GetValue(label),
                        parsed.GetValue(days),
                        parsed.GetValue(roles) ?? [],
                        parsed.GetValue(environments) ?? [],
                        parsed.GetValue(tags),
                        parsed.GetValue(reason)
                    ),
                    cancellationToken
                );
                if (parsed.GetValue(to) is { } file)
                {
                    TokenFile.Write(file, made.Token);
                    return made with { Token = $"written to {file}" };
                }

                return made;
            },
            (made, parsed) =>
            {
                parsed.Output().WriteLine(made.Token);
                parsed
                    .Error()
                    .WriteLine($"token {made.Id} of {made.Owner} counts until {AccessText.Instant(made.ExpiresAt)}");
            }
        );
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("token") { Description = "As tokens list shows it" };
        var (of, reason) = (Of(), AccessCommands.Reason());
        var command = new Command(
            "revoke",
            "End a token\n\nExample: tidegate access tokens revoke 0123456789abcdef --reason \"laptop lost\""
        )
        {
            id,
            of,
            reason,
        };
        command.SetAction(
            JsonOption.Create(),
            (client, parsed, cancellationToken) =>
                client.PostAsync<AccessReason, RevokedTokenView>(
                    $"{Path(parsed.GetValue(of))}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/revoke",
                    new(parsed.GetValue(reason)),
                    cancellationToken
                ),
            (revoked, parsed) => parsed.Output().WriteLine($"Token {revoked.Id} counts no more.")
        );
        return command;
    }

    private static Option<string?> Of() =>
        new("--of") { Description = "The account whose they are (default: your own)" };

    private static string Path(string? account) =>
        account is null ? "/api/access/tokens" : $"{AccountCommands.Path(account)}/tokens";
}
