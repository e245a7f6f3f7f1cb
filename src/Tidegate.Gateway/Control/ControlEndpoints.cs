using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Gateway;
using Tidegate.Gateway.Metering;

namespace Tidegate.Gateway.Control;

/// <summary>The control API: HTTP over the unix socket. Every call may be repeated.</summary>
internal static class ControlEndpoints
{
    private const string Tenant = GatewayPaths.Tenants + "/{tenant}";
    private const string Hold = Tenant + "/holds/{hold}";

    public static void MapControl(this IEndpointRouteBuilder app, TenantRegistry registry)
    {
        app.MapGet(GatewayPaths.Tenants, () => TypedResults.Ok(List(registry)));
        app.MapGet(Tenant, (string tenant) => Answer(registry.Find(tenant)));
        app.MapDelete(
            Tenant,
            async (string tenant, long epoch, CancellationToken cancellationToken) =>
                Answer(await registry.RemoveAsync(tenant, epoch, cancellationToken))
        );
        app.MapPut(
            Tenant + "/route",
            async (string tenant, RouteChange change, CancellationToken cancellationToken) =>
                Answer(await registry.RouteAsync(tenant, change, cancellationToken))
        );
        app.MapPut(
            Hold,
            async (string tenant, string hold, HoldTerms terms, CancellationToken cancellationToken) =>
                Answer(await registry.HoldAsync(tenant, hold, terms, cancellationToken))
        );
        app.MapPut(
            Hold + "/lease",
            async (string tenant, string hold, LeaseRenewal renewal, CancellationToken cancellationToken) =>
                Answer(await registry.RenewAsync(tenant, hold, renewal, cancellationToken))
        );
        app.MapDelete(
            Hold,
            async (string tenant, string hold, long epoch, CancellationToken cancellationToken) =>
                Answer(await registry.ReleaseAsync(tenant, hold, epoch, cancellationToken))
        );
    }

    public static void MapMetrics(this IEndpointRouteBuilder app, TenantRegistry registry) =>
        app.MapGet(
            GatewayPaths.Metrics,
            () => TypedResults.Text(MetricsText.Write(registry.Tenants), MetricsText.ContentType)
        );

    private static IReadOnlyList<GatewayTenantStatus> List(TenantRegistry registry) =>
        [.. registry.Tenants.Select(registry.StatusOf)];

    private static IResult Answer(ControlAnswer answer) =>
        answer switch
        {
            ControlAnswer.Done done => TypedResults.Ok(done.Status),
            ControlAnswer.Removed => TypedResults.NoContent(),
            ControlAnswer.Refused { Problem: var problem } => TypedResults.Json(
                problem,
                GatewayJson.Default.GatewayProblem,
                "application/problem+json",
                problem.Status
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
