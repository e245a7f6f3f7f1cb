using System.CommandLine;
using Tidegate.Contracts.Access;

namespace Tidegate.Cli.Access;

/// <summary><c>tidegate access grants</c>: who has which role where.</summary>
internal static class GrantCommands
{
    public static Command Create() =>
        new("grants", "Who has which role where: list, add, revoke") { ListAll(), Add(), Revoke() };

    private static Command ListAll()
    {
        var who = new Option<string?>("--who")
        {
            Description = "Only of person/NAME, service/NAME, group/NAME, os/UID",
        };
        var revoked = new Option<bool>("--revoked") { Description = "Also what is not so any more" };
        var command = new Command("list", "List grants\n\nExample: tidegate access grants list --who person/anna")
        {
            who,
            revoked,
        };
        command.SetAction(
            JsonOption.Create(),
            (client, parsed, cancellationToken) =>
                client.GetAsync<IReadOnlyList<GrantView>>(
                    $"/api/access/grants?revoked={(parsed.GetValue(revoked) ? "true" : "false")}{(parsed.GetValue(who) is { } name ? $"&who={Uri.EscapeDataString(name)}" : "")}",
                    cancellationToken
                ),
            (grants, parsed) =>
                TextTable.Write(
                    parsed.Output(),
                    ["GRANT", "WHO", "ROLE", "WHERE", "MADE", "REASON"],
                    grants.Select(grant =>
                        (IReadOnlyList<string>)
                            [
                                grant.Id,
                                grant.Who,
                                grant.Role,
                                AccessText.Where(grant.Environments, grant.Tags),
                                grant.RevokedAt is { } at
                                    ? $"revoked {AccessText.Instant(at)} by {grant.RevokedBy}"
                                    : $"{AccessText.Instant(grant.MadeAt)} by {grant.MadeBy}",
                                grant.Reason,
                            ]
                    )
                )
        );
        return command;
    }

    private static Command Add()
    {
        var who = new Argument<string>("who") { Description = "person/NAME, service/NAME, group/NAME or os/UID" };
        var role = new Option<string>("--role")
        {
            Description = "viewer, developer, release-manager, approver, operator, administrator or auditor",
            Required = true,
        };
        var (environments, tags) = (AccessCommands.Environments(), AccessCommands.Tags());
        var reason = AccessCommands.Reason(required: true);
        var command = new Command(
            "add",
            "Give a role\n\nExample: tidegate access grants add person/anna --role release-manager -e production --reason \"leads releases\""
        )
        {
            who,
            role,
            environments,
            tags,
            reason,
        };
        command.SetAction(
            JsonOption.Create(),
            (client, parsed, cancellationToken) =>
                client.PostAsync<AddGrant, GivenGrantView>(
                    "/api/access/grants",
                    new(
                        parsed.GetRequiredValue(who),
                        parsed.GetRequiredValue(role),
                        parsed.GetValue(environments) ?? [],
                        parsed.GetValue(tags),
                        parsed.GetValue(reason)
                    ),
                    cancellationToken
                ),
            (grant, parsed) =>
                parsed.Output().WriteLine($"{grant.Who} is {grant.Role} {grant.Scope} by grant {grant.Id}.")
        );
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("grant") { Description = "As grants list shows it" };
        var reason = AccessCommands.Reason();
        var command = new Command(
            "revoke",
            "Take a role away\n\nExample: tidegate access grants revoke g-0199 --reason \"left the team\""
        )
        {
            id,
            reason,
        };
        command.SetAction(
            JsonOption.Create(),
            (client, parsed, cancellationToken) =>
                client.PostAsync<AccessReason, GivenGrantView>(
                    $"/api/access/grants/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/revoke",
                    new(parsed.GetValue(reason)),
                    cancellationToken
                ),
            (grant, parsed) => parsed.Output().WriteLine($"{grant.Who} is no longer {grant.Role} {grant.Scope}.")
        );
        return command;
    }
}
