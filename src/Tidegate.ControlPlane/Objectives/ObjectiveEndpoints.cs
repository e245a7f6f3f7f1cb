using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Objectives;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Objectives;

public static class ObjectiveEndpoints
{
    public static void MapObjectives(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/api/objectives", ListAsync)
            .Needs(Permission.ReadObjectives)
            .AboutQuery(("tenant", SubjectKind.Tenant));
        routes.MapGet("/api/objectives/{name}", ShowAsync).Needs(Permission.ReadObjectives);
    }

    private static async Task<IReadOnlyList<ObjectiveView>> ListAsync(
        string? tenant,
        ObjectiveStore store,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                tenant is null
                    ? await store.ListAsync(cancellationToken)
                    : await store.OfAsync(new TenantName(tenant), cancellationToken)
            ).Select(terms => terms.View()),
        ];

    private static async Task<IResult> ShowAsync(
        string name,
        ObjectiveStore store,
        CancellationToken cancellationToken
    ) =>
        await store.FindAsync(new ObjectiveName(name), cancellationToken) is { } terms
            ? TypedResults.Ok(terms.Details())
            : Problems.NotFound(
                $"there is no objective \"{name}\".",
                "tidegate objectives list shows those there are; objectives/NAME.yaml in the fleet repository makes one."
            );
}
