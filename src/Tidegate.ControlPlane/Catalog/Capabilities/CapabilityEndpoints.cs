using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

public static class CapabilityEndpoints
{
    public static void MapCapabilities(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/releases/{release}/capability", ShowAsync).Needs(Permission.ReadReleases).AboutNoShop();
        routes
            .MapPost("/api/releases/{release}/capability", RequestAsync)
            .Needs(Permission.ProbeReleases)
            .AboutNoShop();
    }

    private static async Task<IResult> ShowAsync(
        string release,
        ReleaseStore releases,
        CapabilityStore capabilities,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(releases, release, cancellationToken) is { } found
            ? TypedResults.Ok(
                CapabilityDocuments.View(found, await capabilities.FindAsync(found.Digest, cancellationToken))
            )
            : Unknown(release);

    private static async Task<IResult> RequestAsync(
        string release,
        ReleaseStore releases,
        CapabilityStore capabilities,
        IReleaseContents contents,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(releases, release, cancellationToken) is not { } found)
        {
            return Unknown(release);
        }

        if (!contents.Has(found.Digest))
        {
            return Problems.Blocked(
                $"bundle {found.Digest} of {found.Name} is not in the store: it cannot be run.",
                "tidegate release build, from the same content."
            );
        }

        await capabilities.RequestAsync(found.Digest, Actor.Of(context), clock.GetUtcNow(), cancellationToken);
        return TypedResults.Accepted($"/api/releases/{found.Name}/capability");
    }

    /// <summary>By name or digest.</summary>
    private static async Task<ReleaseRef?> FindAsync(
        ReleaseStore releases,
        string release,
        CancellationToken cancellationToken
    ) =>
        (
            ReleaseDigest.TryParse(release, out var digest)
                ? await releases.FindAsync(digest, cancellationToken)
                : await releases.FindAsync(release, cancellationToken)
        )?.Ref;

    private static JsonHttpResult<ApiProblem> Unknown(string release) =>
        Problems.NotFound($"there is no release \"{release}\".", "tidegate release list shows those there are.");
}
