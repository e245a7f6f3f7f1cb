using System.Collections.Immutable;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Takes orders about grants. Nobody grants to themselves.</summary>
public sealed class GrantDesk(GrantStore grants, AccountStore accounts)
{
    private const int LongestExpression = 500;
    private const int MostEnvironments = 50;

    public async Task<AccountOutcome<Grant>> AddAsync(
        GrantOrder order,
        AccessClaim by,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrWhiteSpace(order.Reason))
        {
            return new AccountOutcome<Grant>.Invalid("a grant needs a reason.", "say why, with --reason.");
        }

        var (scope, refusal) = Scope(order.Environments, order.Tags);
        if (scope is null)
        {
            return new AccountOutcome<Grant>.Invalid(refusal!);
        }

        if (Roles.Find(order.Role) is not { } role)
        {
            return new AccountOutcome<Grant>.Invalid(
                $"there is no role \"{order.Role}\".",
                $"use one of {string.Join(", ", Roles.All)}."
            );
        }

        if (await WhoRefusalAsync(order.Who, cancellationToken) is { } unknown)
        {
            return unknown;
        }

        return IsOwn(by, order.Who)
            ? new AccountOutcome<Grant>.Blocked(
                $"{by.Who} would grant to {order.Who}: nobody grants to themselves.",
                "another administrator does it."
            )
            : new AccountOutcome<Grant>.Done(
                await grants.AddAsync(order.Who, role, scope, by.Who.ToString(), order.Reason, cancellationToken)
            );
    }

    public async Task<AccountOutcome<Grant>> RevokeAsync(
        string id,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        await grants.FindAsync(id, cancellationToken) is { } grant
        && await grants.RevokeAsync(grant, actor, reason, cancellationToken)
            ? new AccountOutcome<Grant>.Done(grant)
            : new AccountOutcome<Grant>.Unknown(
                $"there is no grant \"{id}\".",
                "tidegate access grants list shows those there are."
            );

    /// <summary>A scope as people write it, or one sentence that says what is wrong with it.</summary>
    internal static (GrantScope? Scope, string? Refusal) Scope(IReadOnlyList<string> environments, string? tags)
    {
        if (environments.Count > MostEnvironments)
        {
            return (null, $"a scope names at most {MostEnvironments} environments.");
        }

        if (
            environments
                .Select(name => NameRules.Refusal("environment", name))
                .FirstOrDefault(wrong => wrong is not null) is
            { } refusal
        )
        {
            return (null, refusal);
        }

        if (tags?.Length > LongestExpression)
        {
            return (null, $"an expression of tags has at most {LongestExpression} characters.");
        }

        try
        {
            return (
                new GrantScope(
                    [.. environments.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                    tags is null ? null : TagExpression.Parse(tags)
                ),
                null
            );
        }
        catch (FormatException wrong)
        {
            return (null, wrong.Message);
        }
    }

    /// <summary>While access is open the home's own user has every role anyway, and may keep some for when it is closed.</summary>
    private static bool IsOwn(AccessClaim by, string who) =>
        !by.HoldsHome
        && (
            who == by.Who.ToString()
            || (
                who.StartsWith(GroupPrefix, StringComparison.Ordinal)
                && by.Who.Groups.Contains(who[GroupPrefix.Length..], StringComparer.Ordinal)
            )
        );

    private async Task<AccountOutcome<Grant>?> WhoRefusalAsync(string who, CancellationToken cancellationToken)
    {
        if (who.StartsWith(GroupPrefix, StringComparison.Ordinal))
        {
            return NameRules.Refusal("group", who[GroupPrefix.Length..]) is { } refusal
                ? new AccountOutcome<Grant>.Invalid(refusal)
                : null;
        }

        if (who.StartsWith(UserPrefix, StringComparison.Ordinal))
        {
            return uint.TryParse(who[UserPrefix.Length..], out var number) && who == $"{UserPrefix}{number}"
                ? null
                : new AccountOutcome<Grant>.Invalid(
                    $"\"{who}\" is no user of the operating system: os/ and its number."
                );
        }

        return AccountName.Refusal(who) is { } wrong
                ? new AccountOutcome<Grant>.Invalid(wrong, "person/NAME, service/NAME, group/NAME or os/UID.")
            : await accounts.FindAsync(AccountName.Create(who), cancellationToken) is null
                ? AccountDesk.Unknown<Grant>(who)
            : null;
    }

    private const string GroupPrefix = "group/";
    private const string UserPrefix = "os/";
}

/// <summary>A role that somebody is to have.</summary>
public sealed record GrantOrder(
    string Who,
    string Role,
    ImmutableArray<string> Environments,
    string? Tags,
    string? Reason
);
