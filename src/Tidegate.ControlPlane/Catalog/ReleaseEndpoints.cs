using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Catalog;

public static class ReleaseEndpoints
{
    public static void MapReleases(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(
                "/api/releases",
                async (ReleaseStore releases, CancellationToken cancellationToken) =>
                    (await releases.ListAsync(cancellationToken)).Select(release => new ReleaseView(
                        release.Ref.Name,
                        release.Ref.Digest.Value,
                        release.RegisteredAt,
                        release.RegisteredBy,
                        release.DeclaredPriceChanges
                    ))
            )
            .Needs(Permission.ReadReleases);
        routes.MapPost("/api/releases", RegisterAsync).Needs(Permission.RegisterReleases);
    }

    private static async Task<IResult> RegisterAsync(
        RegisterRelease request,
        ReleaseStore releases,
        IReleaseContents contents,
        SiteStore sites,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (!ReleaseDigest.TryParse(request.Digest, out var digest))
        {
            return Problems.Invalid(
                $"\"{request.Digest}\" is not a digest: sha256: and 64 hexadecimal digits.",
                "tidegate release show prints it."
            );
        }

        if (ReleaseNameRules.Release(request.Name) is { } wrong)
        {
            return Problems.Invalid(wrong.Sentence);
        }

        if (!contents.Has(digest) && !await sites.HoldsAsync(digest, cancellationToken))
        {
            return Problems.NotFound(
                $"bundle {digest} is not in the store of any site.",
                "tidegate release build makes it."
            );
        }

        var release = new Release(
            new ReleaseRef(request.Name, digest),
            [.. request.DeclaredPriceChanges ?? []],
            clock.GetUtcNow(),
            Actor.Of(context)
        );
        return await releases.RegisterAsync(release, cancellationToken) is { } conflict
            ? Problems.Conflict(conflict)
            : TypedResults.NoContent();
    }
}
