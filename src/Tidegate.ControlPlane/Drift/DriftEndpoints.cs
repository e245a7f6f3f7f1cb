using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts;
using Tidegate.Contracts.Drift;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Drift;

public static class DriftEndpoints
{
    private const string Tenants = "tidegate tenant list shows those there are.";

    public static void MapDrift(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/api/drift", ShowAsync)
            .Needs(Permission.ReadDrift)
            .AboutWhatIsVisible()
            .AboutQuery(("tenant", SubjectKind.Tenant), ("environment", SubjectKind.Environment));
        routes
            .MapPost("/api/drift/check", CheckAsync)
            .Needs(Permission.CheckDrift)
            .AboutBody((CheckDriftOrder order) => Subject(null, order.Environment));
        routes
            .MapPost("/api/drift/heal", HealAsync)
            .Needs(Permission.HealDrift)
            .AboutBody((HealDriftOrder order) => Subject(order.Tenant, order.Environment));
    }

    private static AccessSubject Subject(string? tenant, string? environment) =>
        environment is not null ? AccessSubject.Environment(environment)
        : tenant is not null ? AccessSubject.Tenant(tenant)
        : AccessSubject.Everything;

    private static async Task<IResult> ShowAsync(
        string? tenant,
        string? environment,
        DriftDesk desk,
        Visible visible,
        CancellationToken cancellationToken
    ) =>
        await UnknownAsync(tenant, environment, desk, cancellationToken) is { } unknown
            ? unknown
            : TypedResults.Ok(await desk.ShowAsync(Filter(tenant, environment), visible, cancellationToken));

    private static async Task<IResult> CheckAsync(
        CheckDriftOrder order,
        DriftDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await desk.CheckAsync(
            order.Environment is { } name ? new EnvironmentName(name) : null,
            order.Wait,
            Actor.Of(context),
            cancellationToken
        )
            is { } answers
            ? TypedResults.Ok(answers)
            : NoEnvironment(order.Environment!);

    private static async Task<IResult> HealAsync(
        HealDriftOrder order,
        DriftDesk desk,
        HealingDesk healing,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (order.Tenant is null == order.Environment is null)
        {
            return Problems.Invalid("name a tenant, or an environment.", "tidegate drift heal --help");
        }

        return await UnknownAsync(order.Tenant, order.Environment, desk, cancellationToken) is { } unknown
            ? unknown
            : TypedResults.Ok(
                DriftDocumentMapping.View(
                    await healing.StartAsync(
                        Filter(order.Tenant, order.Environment),
                        Actor.Of(context),
                        order.Reason,
                        cancellationToken
                    )
                )
            );
    }

    private static async Task<IResult?> UnknownAsync(
        string? tenant,
        string? environment,
        DriftDesk desk,
        CancellationToken cancellationToken
    )
    {
        if (tenant is not null && !await desk.KnowsAsync(new TenantName(tenant), cancellationToken))
        {
            return Problems.NotFound($"there is no tenant \"{tenant}\".", Tenants);
        }

        return environment is not null && !await desk.KnowsAsync(new EnvironmentName(environment), cancellationToken)
            ? NoEnvironment(environment)
            : null;
    }

    private static JsonHttpResult<ApiProblem> NoEnvironment(string environment) =>
        Problems.NotFound($"environment \"{environment}\" has no pools.", Tenants);

    private static DriftFilter Filter(string? tenant, string? environment) =>
        new(
            environment is null ? null : new EnvironmentName(environment),
            tenant is null ? null : DriftSubject.Of(new TenantName(tenant))
        );
}
