using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts;
using Tidegate.Contracts.Checkpoints;
using Tidegate.Contracts.Copies;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Copies;

public static class CopyEndpoints
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public static void MapCopies(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/api/copies", ListAsync)
            .Needs(Permission.ReadCopies)
            .AboutWhatIsVisible()
            .AboutQuery(("tenant", SubjectKind.Tenant));
        routes
            .MapGet("/api/copies/of/{tenant}", OfAsync)
            .Needs(Permission.ReadCopies)
            .AboutWhatIsVisible()
            .About(SubjectKind.Tenant, "tenant");
        routes
            .MapPost("/api/copies/{id}/extend", ExtendAsync)
            .Needs(Permission.ChangeCopies)
            .About(SubjectKind.Copy, "id");
        routes.MapPost("/api/copies/{id}/drop", DropAsync).Needs(Permission.ChangeCopies).About(SubjectKind.Copy, "id");
    }

    private static async Task<CopyList> ListAsync(
        string? tenant,
        string? site,
        CopyDesk desk,
        Visible visible,
        HttpContext context,
        CancellationToken cancellationToken
    ) => View(await desk.ListAsync(tenant, site, visible, Actor.Of(context), cancellationToken));

    private static async Task<HeldDataList> OfAsync(
        string tenant,
        CopyDesk desk,
        Visible visible,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        new(
            tenant,
            View(await desk.ListAsync(tenant, null, visible, Actor.Of(context), cancellationToken)),
            [
                .. (await desk.HeldAsync(new TenantName(tenant), cancellationToken)).Select(data => new HeldDataView(
                    data.Kind,
                    data.Id,
                    data.Where,
                    data.EndsAt
                )),
            ]
        );

    private static async Task<IResult> ExtendAsync(
        string id,
        ExtendCopy request,
        CopyStore store,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        if (request.Until <= now || request.Until > now + Longest)
        {
            return Problems.Invalid("a copy is kept until a time to come, and a year at most.");
        }

        if (await store.FindAsync(new CopyId(id), cancellationToken) is { What.Kind: CopyKind.Staging } staging)
        {
            return Problems.Conflict(
                $"copy {id} serves as a tenant: it ends with its next refresh.",
                $"change refresh in the tenant's file of the fleet repository ({staging.What.Purpose})."
            );
        }

        return await store.ExtendAsync(
            new CopyId(id),
            request.Until,
            Actor.Of(context),
            request.Reason,
            cancellationToken
        )
            ? TypedResults.Ok(new ExtendedCopy(id, request.Until))
            : Unknown(id);
    }

    private static async Task<IResult> DropAsync(
        string id,
        DropCopyRequest request,
        CopyDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await desk.DropAsync(
            new CopyId(id),
            Actor.Of(context),
            request.Reason,
            onlyExpired: false,
            cancellationToken
        ) switch
        {
            DropDataCopyResult.Dropped dropped => TypedResults.Ok(
                new DroppedCopy(id, dropped.Tenant, dropped.FreedBytes)
            ),
            DropDataCopyResult.Unknown => Unknown(id),
            DropDataCopyResult.Held held => Problems.Conflict(
                $"copy {id} is not gone: {held.Reason}",
                "drop it again."
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static JsonHttpResult<ApiProblem> Unknown(string id) =>
        id.StartsWith("u-", StringComparison.Ordinal)
            ? Problems.NotFound(
                $"{id} is a checkpoint: it is kept as long as its tenant may return to it.",
                $"tidegate checkpoint drop {id} --yes"
            )
            : Problems.NotFound($"there is no copy \"{id}\".", "tidegate copies list shows those there are.");

    private static CopyList View(ListedCopies listed) =>
        new(
            [
                .. listed.Copies.Select(copy => new CopyView(
                    copy.Id,
                    copy.Kind,
                    copy.Tenant.Value,
                    copy.Site.Value,
                    copy.Owner,
                    copy.Purpose,
                    copy.Place,
                    copy.Bytes,
                    copy.IsMasked,
                    copy.IsInUse,
                    copy.MadeAt,
                    copy.ExpiresAt
                )),
            ],
            [.. listed.Missing.Select(missing => new SilentSite(missing.Site.Value, missing.Reason))]
        );
}
