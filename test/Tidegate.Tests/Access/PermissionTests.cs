using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Sites;
using Tidegate.Drivers;
using Tidegate.Drivers.Sites;
using Tidegate.Server.Roles;

namespace Tidegate.Tests.Access;

public sealed class PermissionTests
{
    /// <summary>Whoever adds one here says that no shop is touched by it, whatever is asked.</summary>
    private static readonly string[] NoShops =
    [
        "GET /api/access/status",
        "GET /api/access/tokens",
        "GET /api/access/whoami",
        "GET /api/openapi.json",
        "GET /api/releases",
        "GET /api/releases/{from}/diff/{to}",
        "GET /api/releases/{name}",
        "GET /api/releases/{name}/validations/{id}",
        "GET /api/releases/{release}/capability",
        "POST /api/access/password",
        "POST /api/access/tokens",
        "POST /api/access/tokens/{id}/revoke",
        "POST /api/releases",
        "POST /api/releases/{name}/validations",
        "POST /api/releases/{release}/capability",
        "POST /api/sign-in",
        "POST /api/sign-out",
    ];

    private static readonly string[] Wholes =
    [
        "/api/access/accounts",
        "/api/access/accounts/{kind}/{name}/tokens",
        "/api/access/grants",
        "/api/backups",
        "/api/backups/status",
        "/api/calendars",
        "/api/calendars/{name}",
        "/api/delegations",
        "/api/ledger",
        "/api/ledger/entries/{place:long}/proof",
        "/api/ledger/export",
        "/api/ledger/retention",
        "/api/ledger/status",
        "/api/measurements",
        "/api/objectives/{name}",
        "/api/source",
    ];

    [Fact]
    public async Task Every_route_declares_the_permission_it_needs()
    {
        var routes = await RoutesAsync();

        Assert.NotEmpty(routes);
        Assert.All(routes, route => Assert.True(HasPermission(route), $"{route.DisplayName} declares no permission"));
    }

    [Fact]
    public async Task Every_route_whose_path_names_a_place_says_that_it_is_about_it()
    {
        var routes = (await RoutesAsync()).Where(route =>
            route.RoutePattern.Parameters.Any(part => part.Name is "tenant" or "environment" or "pool" or "upstream")
            || route.RoutePattern.RawText!.StartsWith("/api/tenants/{", StringComparison.Ordinal)
        );

        Assert.All(
            routes,
            route =>
                Assert.True(
                    route.Metadata.GetMetadata<SubjectOf>() is { } subject && subject != SubjectOf.NoShop,
                    $"{route.DisplayName} does not say what it is about"
                )
        );
    }

    [Fact]
    public async Task Only_these_routes_are_about_no_shop() =>
        Assert.Equal(
            NoShops,
            (await RoutesAsync())
                .Where(route => route.Metadata.GetMetadata<SubjectOf>() == SubjectOf.NoShop)
                .Select(route =>
                    $"{route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} {route.RoutePattern.RawText}"
                )
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public async Task Every_route_that_shows_what_is_visible_takes_it_and_no_other_does()
    {
        var routes = await RoutesAsync();

        Assert.True(routes.Count(Declares) > 10);
        Assert.All(
            routes,
            route =>
                Assert.True(
                    Declares(route) == Takes(route),
                    $"{route.DisplayName} {(Takes(route) ? "filters and does not say so" : "says that it filters and does not")}"
                )
        );
    }

    /// <summary>Whoever adds one here says that no row of it is a tenant's or an environment's.</summary>
    [Fact]
    public async Task Only_these_routes_that_read_are_for_who_may_see_everything() =>
        Assert.Equal(
            Wholes,
            (await RoutesAsync())
                .Where(route =>
                    route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET")
                    && route.Metadata.GetMetadata<SubjectOf>() is null
                    && !Declares(route)
                )
                .Select(route => route.RoutePattern.RawText!)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public async Task A_route_that_says_that_it_filters_and_does_not_is_found()
    {
        await using var application = WebApplication.CreateSlimBuilder().Build();
        application.MapGet("/api/says", () => "all").AboutWhatIsVisible();
        application.MapGet("/api/does", (Visible visible) => visible.IsEverything);

        var routes = ((IEndpointRouteBuilder)application)
            .DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .ToList();

        Assert.Equal(2, routes.Count);
        Assert.All(routes, route => Assert.NotEqual(Declares(route), Takes(route)));
    }

    private static bool Declares(RouteEndpoint route) => route.Metadata.GetMetadata<ShowsWhatIsVisible>() is not null;

    private static bool Takes(RouteEndpoint route) =>
        route
            .Metadata.GetMetadata<MethodInfo>()
            ?.GetParameters()
            .Any(parameter => parameter.ParameterType == typeof(Visible))
            is true;

    private static async Task<IReadOnlyList<RouteEndpoint>> RoutesAsync()
    {
        var home = Directory.CreateTempSubdirectory("tidegate-api-");
        var layout = new SiteLayout(home.FullName);
        await using var application = ServerRole.Build(
            layout,
            "Host=/nowhere;Username=nobody",
            new ServedSites([new("local")], "engine/test", TimeSpan.FromSeconds(15)),
            services => services.AddDrivers(layout)
        );
        home.Delete();

        return
        [
            .. ((IEndpointRouteBuilder)application)
                .DataSources.SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>(),
        ];
    }

    [Fact]
    public async Task A_route_without_a_permission_is_found()
    {
        await using var application = WebApplication.CreateSlimBuilder().Build();
        application.MapGet("/api/forgotten", () => "open to all");

        var route = ((IEndpointRouteBuilder)application)
            .DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Single();

        Assert.False(HasPermission(route));
    }

    private static bool HasPermission(RouteEndpoint route) => route.Metadata.GetMetadata<Permission>() is not null;
}
