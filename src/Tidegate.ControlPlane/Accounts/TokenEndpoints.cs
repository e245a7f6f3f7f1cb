using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Access;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Tokens: one's own, and those of service accounts.</summary>
internal static class TokenEndpoints
{
    private const string OfAccount = "/api/access/accounts/{kind}/{name}/tokens";

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/access/tokens", ListOwnAsync).Needs(Permission.OwnAccount).AboutNoShop();
        routes.MapPost("/api/access/tokens", AddOwnAsync).Needs(Permission.OwnAccount).AboutNoShop();
        routes.MapPost("/api/access/tokens/{id}/revoke", RevokeOwnAsync).Needs(Permission.OwnAccount).AboutNoShop();
        routes.MapGet(OfAccount, ListAsync).Needs(Permission.ReadAccess);
        routes.MapPost(OfAccount, AddAsync).Needs(Permission.ChangeAccess);
        routes.MapPost($"{OfAccount}/{{id}}/revoke", RevokeAsync).Needs(Permission.ChangeAccess);
    }

    private static async Task<IResult> ListOwnAsync(
        TokenStore tokens,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        Own(context) is not { } account
            ? NoAccount(context)
            : TypedResults.Ok((await tokens.ListAsync(account, cancellationToken)).Select(AccountAnswerEndpoints.Of));

    private static async Task<IResult> AddOwnAsync(
        AddToken request,
        TokenDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var claim = AccessEndpoints.ClaimOf(context);
        return claim.MustChange
            ? Problems.Blocked("a first password makes no tokens.", "tidegate access password changes it.")
            : AccountAnswerEndpoints.Answer(
                await desk.AddOwnAsync(Order(request), claim, cancellationToken),
                AccountAnswerEndpoints.Of
            );
    }

    private static async Task<IResult> RevokeOwnAsync(
        string id,
        AccessReason request,
        TokenDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        Own(context) is not { } account
            ? NoAccount(context)
            : AccountAnswerEndpoints.Answer(
                await desk.RevokeAsync(id, account, Actor.Of(context), request.Reason, cancellationToken),
                revoked => new RevokedTokenView(revoked)
            );

    private static async Task<IResult> ListAsync(
        string kind,
        string name,
        TokenStore tokens,
        AccountStore accounts,
        CancellationToken cancellationToken
    ) =>
        AccountName.Refusal($"{kind}/{name}") is { } wrong ? Problems.Invalid(wrong)
        : await accounts.FindAsync(AccountName.Create($"{kind}/{name}"), cancellationToken) is not { } account
            ? Problems.NotFound($"there is no {kind}/{name}.", "tidegate access accounts list shows all.")
        : TypedResults.Ok((await tokens.ListAsync(account.Name, cancellationToken)).Select(AccountAnswerEndpoints.Of));

    private static async Task<IResult> AddAsync(
        string kind,
        string name,
        AddToken request,
        TokenDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        AccountAnswerEndpoints.Answer(
            await desk.AddOfAsync($"{kind}/{name}", Order(request), Actor.Of(context), cancellationToken),
            AccountAnswerEndpoints.Of
        );

    private static async Task<IResult> RevokeAsync(
        string kind,
        string name,
        string id,
        AccessReason request,
        TokenDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        AccountName.Refusal($"{kind}/{name}") is { } wrong
            ? Problems.Invalid(wrong)
            : AccountAnswerEndpoints.Answer(
                await desk.RevokeAsync(
                    id,
                    AccountName.Create($"{kind}/{name}"),
                    Actor.Of(context),
                    request.Reason,
                    cancellationToken
                ),
                revoked => new RevokedTokenView(revoked)
            );

    private static TokenOrder Order(AddToken request) =>
        new(
            request.Label,
            request.Days,
            AccountAnswerEndpoints.Texts(request.Roles),
            AccountAnswerEndpoints.Texts(request.Environments),
            request.Tags,
            request.Reason
        );

    /// <summary>Null for a user of the operating system, who has none.</summary>
    private static AccountName? Own(HttpContext context) =>
        AccountName.Refusal(Actor.Of(context)) is null ? AccountName.Create(Actor.Of(context)) : null;

    private static Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<Contracts.ApiProblem> NoAccount(
        HttpContext context
    ) =>
        Problems.Conflict(
            $"{Actor.Of(context)} has no account, and no tokens.",
            "tidegate login NAME; --of service/NAME for those of a service account."
        );
}
