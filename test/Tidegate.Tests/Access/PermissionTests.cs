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
    [Fact]
    public async Task Every_route_declares_the_permission_it_needs()
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

        var routes = ((IEndpointRouteBuilder)application)
            .DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .ToList();

        Assert.NotEmpty(routes);
        Assert.All(routes, route => Assert.True(HasPermission(route), $"{route.DisplayName} declares no permission"));
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
