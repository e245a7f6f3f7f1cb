using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Access;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>People and service accounts.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/access/accounts", ListAsync).Needs(Permission.ReadAccess);
        routes.MapPost("/api/access/accounts", AddAsync).Needs(Permission.ChangeAccess);
        routes.MapPost("/api/access/accounts/{kind}/{name}/reset", ResetAsync).Needs(Permission.ChangeAccess);
        routes.MapPost("/api/access/accounts/{kind}/{name}/groups", SetGroupsAsync).Needs(Permission.ChangeAccess);
        routes.MapPost("/api/access/accounts/{kind}/{name}/disable", DisableAsync).Needs(Permission.ChangeAccess);
        routes.MapPost("/api/access/accounts/{kind}/{name}/enable", EnableAsync).Needs(Permission.ChangeAccess);
    }

    private static async Task<IReadOnlyList<AccountView>> ListAsync(
        AccountStore accounts,
        CancellationToken cancellationToken
    ) => [.. (await accounts.ListAsync(cancellationToken)).Select(AccountAnswerEndpoints.Of)];

    private static async Task<IResult> AddAsync(
        AddAccount request,
        AccountDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        AccountAnswerEndpoints.Answer(
            await desk.AddAsync(
                request.Name,
                request.Label,
                AccountAnswerEndpoints.Texts(request.Groups),
                Actor.Of(context),
                request.Reason,
                cancellationToken
            ),
            AccountAnswerEndpoints.Of
        );

    private static async Task<IResult> ResetAsync(
        string kind,
        string name,
        AccessReason request,
        AccountDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        AccountAnswerEndpoints.Answer(
            await desk.ResetAsync($"{kind}/{name}", Actor.Of(context), request.Reason, cancellationToken),
            AccountAnswerEndpoints.Of
        );

    private static async Task<IResult> SetGroupsAsync(
        string kind,
        string name,
        SetGroups request,
        AccountDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        AccountAnswerEndpoints.Answer(
            await desk.SetGroupsAsync(
                $"{kind}/{name}",
                AccountAnswerEndpoints.Texts(request.Groups),
                Actor.Of(context),
                request.Reason,
                cancellationToken
            ),
            AccountAnswerEndpoints.Of
        );

    private static Task<IResult> DisableAsync(
        string kind,
        string name,
        AccessReason request,
        AccountDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) => SetDisabledAsync($"{kind}/{name}", isDisabled: true, request, desk, context, cancellationToken);

    private static Task<IResult> EnableAsync(
        string kind,
        string name,
        AccessReason request,
        AccountDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) => SetDisabledAsync($"{kind}/{name}", isDisabled: false, request, desk, context, cancellationToken);

    private static async Task<IResult> SetDisabledAsync(
        string name,
        bool isDisabled,
        AccessReason request,
        AccountDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        AccountAnswerEndpoints.Answer(
            await desk.SetDisabledAsync(name, isDisabled, Actor.Of(context), request.Reason, cancellationToken),
            AccountAnswerEndpoints.Of
        );
}
