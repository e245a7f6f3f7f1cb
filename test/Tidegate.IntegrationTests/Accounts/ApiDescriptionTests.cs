using Microsoft.AspNetCore.Routing;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Accounts;

/// <summary>What the API says of itself.</summary>
public sealed class ApiDescriptionTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task The_published_document_says_what_the_api_is()
    {
        await using var home = await AccessHome.StartAsync(cluster);

        PublishedFile.Matches("docs/openapi.json", (await DescribedApi.ReadAsync(home)).Text);
    }

    [Fact]
    public async Task Every_route_is_described()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        var described = (await DescribedApi.ReadAsync(home)).Operations.ToHashSet();

        var routes = AccessTests
            .Routes(home)
            .Where(route => route.RoutePattern.RawText is not "/api/openapi.json")
            .SelectMany(route =>
                route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => (method, PathOf(route)))
            )
            .ToHashSet();

        Assert.Equal(routes.Order(), described.Order());
    }

    /// <summary>As a document writes it: without constraints.</summary>
    private static string PathOf(RouteEndpoint route) =>
        route
            .RoutePattern.RawText!.Replace(":long}", "}", StringComparison.Ordinal)
            .Replace(":int}", "}", StringComparison.Ordinal);
}
