using System.CommandLine;
using Tidegate.Contracts.Access;

namespace Tidegate.Cli.Access;

/// <summary><c>tidegate access accounts</c>: people and service accounts.</summary>
internal static class AccountCommands
{
    public static Command Create() =>
        new("accounts", "People and service accounts: list, add, reset, groups, disable, enable")
        {
            ListAll(),
            Add(),
            Reset(),
            Groups(),
            Switch("disable", "Let an account in no more; its tokens count no more"),
            Switch("enable", "Let an account in again"),
        };

    internal static string Path(string account) =>
        $"/api/access/accounts/{string.Join('/', account.Split('/').Select(Uri.EscapeDataString))}";

    private static Command ListAll()
    {
        var command = new Command("list", "List accounts\n\nExample: tidegate access accounts list");
        command.SetAction(
            JsonOption.Create(),
            (client, _, cancellationToken) =>
                client.GetAsync<IReadOnlyList<AccountView>>("/api/access/accounts", cancellationToken),
            (accounts, parsed) =>
                TextTable.Write(
                    parsed.Output(),
                    ["ACCOUNT", "LABEL", "GROUPS", "STATE", "SIGNED IN", "MADE"],
                    accounts.Select(account =>
                        (IReadOnlyList<string>)
                            [
                                account.Name,
                                account.Label ?? "-",
                                AccessText.Words(account.Groups),
                                account.DisabledAt is not null ? "disabled"
                                : account.MustChangePassword ? "first password"
                                : "enabled",
                                AccessText.Instant(account.SignedInAt),
                                $"{AccessText.Instant(account.MadeAt)} by {account.MadeBy}",
                            ]
                    )
                )
        );
        return command;
    }

    private static Command Add()
    {
        var (account, reason) = (AccessCommands.Account(), AccessCommands.Reason());
        var label = new Option<string?>("--label") { Description = "What it is called beside its name" };
        var groups = GroupOption();
        var command = new Command(
            "add",
            "Make an account; a person gets a first password, told this once\n\nExample: tidegate access accounts add person/anna --label \"Anna Lee\" --group leads"
        )
        {
            account,
            label,
            groups,
            reason,
        };
        command.SetAction(
            JsonOption.Create(),
            (client, parsed, cancellationToken) =>
                client.PostAsync<AddAccount, GivenSecretView>(
                    "/api/access/accounts",
                    new(
                        parsed.GetRequiredValue(account),
                        parsed.GetValue(label),
                        parsed.GetValue(groups) ?? [],
                        parsed.GetValue(reason)
                    ),
                    cancellationToken
                ),
            Write
        );
        return command;
    }

    private static Command Reset()
    {
        var (account, reason) = (AccessCommands.Account(), AccessCommands.Reason());
        var command = new Command(
            "reset",
            "Give a person a new first password, told this once\n\nExample: tidegate access accounts reset person/anna --reason \"forgotten\""
        )
        {
            account,
            reason,
        };
        command.SetAction(
            JsonOption.Create(),
            (client, parsed, cancellationToken) =>
                client.PostAsync<AccessReason, GivenSecretView>(
                    $"{Path(parsed.GetRequiredValue(account))}/reset",
                    new(parsed.GetValue(reason)),
                    cancellationToken
                ),
            Write
        );
        return command;
    }

    private static Command Groups()
    {
        var (account, reason, groups) = (AccessCommands.Account(), AccessCommands.Reason(), GroupOption());
        var command = new Command(
            "groups",
            "Put an account into these groups and no others\n\nExample: tidegate access accounts groups person/anna --group leads --group night"
        )
        {
            account,
            groups,
            reason,
        };
        command.SetAction(
            JsonOption.Create(),
            (client, parsed, cancellationToken) =>
                client.PostAsync<SetGroups, AccountView>(
                    $"{Path(parsed.GetRequiredValue(account))}/groups",
                    new(parsed.GetValue(groups) ?? [], parsed.GetValue(reason)),
                    cancellationToken
                ),
            (view, parsed) => parsed.Output().WriteLine($"{view.Name} is in {AccessText.Words(view.Groups)}.")
        );
        return command;
    }

    private static Command Switch(string verb, string description)
    {
        var (account, reason) = (AccessCommands.Account(), AccessCommands.Reason());
        var command = new Command(
            verb,
            $"{description}\n\nExample: tidegate access accounts {verb} person/anna --reason \"parental leave\""
        )
        {
            account,
            reason,
        };
        command.SetAction(
            JsonOption.Create(),
            (client, parsed, cancellationToken) =>
                client.PostAsync<AccessReason, AccountView>(
                    $"{Path(parsed.GetRequiredValue(account))}/{verb}",
                    new(parsed.GetValue(reason)),
                    cancellationToken
                ),
            (view, parsed) => parsed.Output().WriteLine($"{view.Name} is {verb}d.")
        );
        return command;
    }

    private static Option<string[]> GroupOption() => new("--group") { Description = "May be given again" };

    private static void Write(GivenSecretView given, ParseResult parsed)
    {
        parsed.Output().WriteLine($"{given.Name}");
        if (given.Secret is { } secret)
        {
            parsed.Output().WriteLine($"first password, told this once  {secret}");
            parsed.Output().WriteLine($"counts until                    {AccessText.Instant(given.Until)}");
        }
    }
}
