using System.Collections.Immutable;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Takes orders about tokens. One is never for more than its owner may at that moment, and later never allows more than its owner may then.</summary>
public sealed class TokenDesk(TokenStore tokens, AccountStore accounts, GrantStore grants, TimeProvider clock)
{
    public const int DefaultDays = 90;
    public const int MostDays = 366;

    private const int MostTokens = 50;
    private const int LongestLabel = 100;

    /// <summary>Makes a token of somebody's own. Only who has signed in may: a token makes no other.</summary>
    public Task<AccountOutcome<MadeToken>> AddOwnAsync(
        TokenOrder order,
        AccessClaim by,
        CancellationToken cancellationToken
    ) =>
        by.Token is not { IsSession: true }
            ? Task.FromResult<AccountOutcome<MadeToken>>(
                new AccountOutcome<MadeToken>.Blocked(
                    "only a person who has signed in makes tokens of their own.",
                    "tidegate login NAME; an administrator makes those of a service account."
                )
            )
            : AddAsync(AccountName.Create(by.Who.ToString()), order, by.Who.ToString(), cancellationToken);

    /// <summary>Makes a token of a service account. Nobody makes one by which they would be another person.</summary>
    public Task<AccountOutcome<MadeToken>> AddOfAsync(
        string service,
        TokenOrder order,
        string actor,
        CancellationToken cancellationToken
    ) =>
        AccountName.Refusal(service) is { } wrong
            ? Task.FromResult<AccountOutcome<MadeToken>>(new AccountOutcome<MadeToken>.Invalid(wrong))
        : AccountName.Create(service).Kind is IdentityKind.Person
            ? Task.FromResult<AccountOutcome<MadeToken>>(
                new AccountOutcome<MadeToken>.Blocked(
                    "a person's tokens are made by that person.",
                    "tidegate login, then tidegate access tokens add."
                )
            )
        : AddAsync(AccountName.Create(service), order, actor, cancellationToken);

    public async Task<AccountOutcome<string>> RevokeAsync(
        string id,
        AccountName owner,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        await tokens.RevokeAsync(id, owner, actor, reason, cancellationToken)
            ? new AccountOutcome<string>.Done(id)
            : new AccountOutcome<string>.Unknown(
                $"{owner} has no token \"{id}\" that still counts.",
                "tidegate access tokens list shows those there are."
            );

    private async Task<AccountOutcome<MadeToken>> AddAsync(
        AccountName owner,
        TokenOrder order,
        string actor,
        CancellationToken cancellationToken
    )
    {
        if (order.Days is < 1 or > MostDays)
        {
            return new AccountOutcome<MadeToken>.Invalid($"a token counts for 1 to {MostDays} days.");
        }

        if (order.Label is { } label && (label.Length > LongestLabel || label.Any(char.IsControl)))
        {
            return new AccountOutcome<MadeToken>.Invalid(
                $"a label has at most {LongestLabel} characters, in one line."
            );
        }

        if (await accounts.FindAsync(owner, cancellationToken) is not { } account)
        {
            return AccountDesk.Unknown<MadeToken>(owner.Value);
        }

        if ((await tokens.ListAsync(owner, cancellationToken)).Count(token => !token.IsSession) >= MostTokens)
        {
            return new AccountOutcome<MadeToken>.Conflict(
                $"{owner} has {MostTokens} tokens.",
                "tidegate access tokens revoke ID ends one."
            );
        }

        var (ceiling, refusal) = Ceiling(order, owner, await grants.OfAsync(account.Identity, cancellationToken));
        if (refusal is not null)
        {
            return refusal;
        }

        var token = TokenText.Create();
        var expires = clock.GetUtcNow() + TimeSpan.FromDays(order.Days);
        await tokens.AddAsync(
            new(token.Id, owner, token.Hash, order.Label, IsSession: false, ceiling, expires),
            actor,
            order.Reason,
            cancellationToken
        );
        return new AccountOutcome<MadeToken>.Done(new(token.Id, owner.Value, token.Text, expires));
    }

    private static (ImmutableArray<Grant>? Ceiling, AccountOutcome<MadeToken>? Refusal) Ceiling(
        TokenOrder order,
        AccountName owner,
        IReadOnlyList<Grant> has
    )
    {
        var (scope, wrong) = GrantDesk.Scope(order.Environments, order.Tags);
        if (scope is null)
        {
            return (null, new AccountOutcome<MadeToken>.Invalid(wrong!));
        }

        var isNarrow = !scope.Environments.IsEmpty || scope.Tags is not null;
        if (order.Roles.IsEmpty)
        {
            return isNarrow
                ? (null, new AccountOutcome<MadeToken>.Invalid("say for which roles, with --role."))
                : (null, null);
        }

        var ceiling = ImmutableArray.CreateBuilder<Grant>();
        foreach (var name in order.Roles.Distinct(StringComparer.Ordinal))
        {
            if (Roles.Find(name) is not { } role)
            {
                return (
                    null,
                    new AccountOutcome<MadeToken>.Invalid(
                        $"there is no role \"{name}\".",
                        $"use one of {string.Join(", ", Roles.All)}."
                    )
                );
            }

            if (!has.Any(grant => grant.Role == role && grant.Scope.Contains(scope)))
            {
                return (
                    null,
                    new AccountOutcome<MadeToken>.Blocked(
                        $"{owner} is not {role} {scope}: a token is never for more than its owner may.",
                        "tidegate access whoami shows what you may; name environments and tags as your grants do."
                    )
                );
            }

            ceiling.Add(new("", owner.Value, role, scope));
        }

        return (ceiling.ToImmutable(), null);
    }
}

/// <param name="Roles">Without any it is for all that its owner may.</param>
public sealed record TokenOrder(
    string? Label,
    int Days,
    ImmutableArray<string> Roles,
    ImmutableArray<string> Environments,
    string? Tags,
    string? Reason
);

/// <param name="Text">A secret, told this once.</param>
public sealed record MadeToken(string Id, string Owner, string Text, DateTimeOffset ExpiresAt)
{
    // Not as a record would: it holds a secret.
    public override string ToString() => Id;
}
