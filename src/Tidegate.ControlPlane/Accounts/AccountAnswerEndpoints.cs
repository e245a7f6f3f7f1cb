using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tidegate.Contracts.Access;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>What the routes of access answer with.</summary>
internal static class AccountAnswerEndpoints
{
    public static IResult Answer<TMade, TView>(AccountOutcome<TMade> outcome, Func<TMade, TView> view) =>
        outcome switch
        {
            AccountOutcome<TMade>.Done done => TypedResults.Ok(view(done.Made)),
            AccountOutcome<TMade>.Invalid invalid => Problems.Invalid(invalid.What, invalid.Next),
            AccountOutcome<TMade>.Unknown unknown => Problems.NotFound(unknown.What, unknown.Next),
            AccountOutcome<TMade>.Conflict conflict => Problems.Conflict(conflict.What, conflict.Next),
            AccountOutcome<TMade>.Blocked blocked => Problems.Blocked(blocked.What, blocked.Next),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>A list that JSON may hold nothing in: what is nothing is no name, and refused as such.</summary>
    public static ImmutableArray<string> Texts(IReadOnlyList<string?>? list) =>
        [.. (list ?? []).Select(text => text ?? "")];

    public static string Kind(IdentityKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    public static HeldRoleView Held(Grant grant) =>
        new(
            grant.Role.Name,
            grant.Scope.Environments,
            grant.Scope.Tags?.ToString(),
            grant.Id.StartsWith("g-", StringComparison.Ordinal) ? grant.Id : null
        );

    public static AccountView Of(Account account) =>
        new(
            account.Name.Value,
            account.Label,
            account.Groups,
            account.MadeAt,
            account.MadeBy,
            account.DisabledAt,
            account.MustChange,
            account.SignedInAt
        );

    public static GivenSecretView Of(GivenSecret given) => new(given.Name, given.Secret, given.Until);

    public static GivenGrantView Given(Grant grant) =>
        new(grant.Id, grant.Who, grant.Role.Name, grant.Scope.ToString());

    public static GrantView Of(MadeGrant made) =>
        new(
            made.Grant.Id,
            made.Grant.Who,
            made.Grant.Role.Name,
            made.Grant.Scope.Environments,
            made.Grant.Scope.Tags?.ToString(),
            made.At,
            made.By,
            made.Reason,
            made.RevokedAt,
            made.RevokedBy
        );

    public static TokenView Of(StoredToken token) =>
        new(
            token.Id,
            token.Owner.Name.Value,
            token.Label,
            token.IsSession,
            token.Ceiling is { } ceiling ? [.. ceiling.Select(Held)] : null,
            token.MadeAt,
            token.MadeBy,
            token.ExpiresAt,
            token.UsedAt
        );

    public static MadeTokenView Of(MadeToken made) => new(made.Id, made.Owner, made.Text, made.ExpiresAt);
}
