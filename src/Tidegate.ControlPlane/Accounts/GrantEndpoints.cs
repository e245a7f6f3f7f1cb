using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Access;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Who has which role where.</summary>
internal static class GrantEndpoints
{
    public static void MapGrants(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/access/grants", ListAsync).Needs(Permission.ReadAccess);
        routes.MapPost("/api/access/grants", AddAsync).Needs(Permission.ChangeAccess);
        routes.MapPost("/api/access/grants/{id}/revoke", RevokeAsync).Needs(Permission.ChangeAccess);
    }

    private static async Task<IReadOnlyList<GrantView>> ListAsync(
        string? who,
        bool? revoked,
        GrantStore grants,
        CancellationToken cancellationToken
    ) => [.. (await grants.ListAsync(who, revoked ?? false, cancellationToken)).Select(AccountAnswerEndpoints.Of)];

    private static async Task<IResult> AddAsync(
        AddGrant request,
        GrantDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        AccountAnswerEndpoints.Answer(
            await desk.AddAsync(
                new(
                    request.Who,
                    request.Role,
                    AccountAnswerEndpoints.Texts(request.Environments),
                    request.Tags,
                    request.Reason
                ),
                AccessEndpoints.ClaimOf(context),
                cancellationToken
            ),
            AccountAnswerEndpoints.Given
        );

    private static async Task<IResult> RevokeAsync(
        string id,
        AccessReason request,
        GrantDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        AccountAnswerEndpoints.Answer(
            await desk.RevokeAsync(id, Actor.Of(context), request.Reason, cancellationToken),
            AccountAnswerEndpoints.Given
        );
}
