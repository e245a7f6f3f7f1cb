using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.TenantBackups;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.ControlBackups;

public static class ControlBackupEndpoints
{
    public static void MapControlBackups(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/control/backups",
                async (
                    OrderReason request,
                    ControlBackupDesk desk,
                    HttpContext context,
                    CancellationToken cancellationToken
                ) => new OrderedJob((await desk.TakeAsync(Actor.Of(context), request.Reason, cancellationToken)).Value)
            )
            .Needs(Permission.TakeControlBackups);
}
