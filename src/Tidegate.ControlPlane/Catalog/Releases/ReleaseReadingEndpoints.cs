using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts;
using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Catalog.Releases;

/// <summary>The routes for which whole releases are read: judging one, comparing two.</summary>
internal static class ReleaseReadingEndpoints
{
    public static void MapReleaseReading(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/api/releases/{name}/validations", RequestAsync)
            .Needs(Permission.ValidateReleases)
            .AboutNoShop();
        routes.MapGet("/api/releases/{name}/validations/{id}", FindAsync).Needs(Permission.ReadReleases).AboutNoShop();
        routes.MapGet("/api/releases/{from}/diff/{to}", CompareAsync).Needs(Permission.ReadReleases).AboutNoShop();
    }

    private static async Task<IResult> RequestAsync(
        string name,
        RequestValidation request,
        ReleaseStore releases,
        IReleaseContents contents,
        ReleaseDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (await releases.FindAsync(name, cancellationToken) is not { } release)
        {
            return ReleaseEndpoints.Unknown(name);
        }

        var from = request.From is { } earlier ? await releases.FindAsync(earlier, cancellationToken) : null;
        if (request.From is { } unknown && from is null)
        {
            return ReleaseEndpoints.Unknown(unknown);
        }

        // Nobody else may have it either, and then it would wait for ever.
        return
            new[] { release, from }.OfType<ReleaseRecord>().FirstOrDefault(one => !contents.Has(one.Ref.Digest))
                is { } absent
            ? NoBundle(absent.Ref.Name)
            : TypedResults.Ok(
                ReleaseViews.Of(await desk.ValidateAsync(release, from, Actor.Of(context), cancellationToken))
            );
    }

    private static JsonHttpResult<ApiProblem> NoBundle(string release) =>
        Problems.Blocked(
            $"the bundle of {release} is not in this server's store.",
            "build it again from the same content, or ask the server that has it."
        );

    private static async Task<IResult> FindAsync(
        string name,
        string id,
        ValidationStore validations,
        Artifacts artifacts,
        CancellationToken cancellationToken
    )
    {
        if (
            await validations.FindAsync(new ValidationId(id), cancellationToken) is not { } validation
            || validation.Release != name
        )
        {
            return Problems.NotFound(
                $"there is no validation \"{id}\" of {name}.",
                $"tidegate release validate {name} asks for one."
            );
        }

        var report = validation.Ended is { } ended ? await artifacts.GetAsync(ended.Report, cancellationToken) : null;
        return TypedResults.Ok(new ValidationDetails(ReleaseViews.Of(validation), ReleaseViews.Report(report)));
    }

    private static async Task<IResult> CompareAsync(
        string from,
        string to,
        ReleaseStore releases,
        IReleaseContents contents,
        ReleaseReading reading,
        CancellationToken cancellationToken
    )
    {
        var compared = new List<ComparedRelease>();
        foreach (var name in new[] { from, to })
        {
            if (await releases.FindAsync(name, cancellationToken) is not { } release)
            {
                return ReleaseEndpoints.Unknown(name);
            }

            if (contents.PlaceOf(release.Ref.Digest) is not { } place)
            {
                return NoBundle(name);
            }

            compared.Add(new(name, place, contents.FindBuilt(name)));
        }

        if (reading.IsCrowded)
        {
            return Problems.Conflict("others wait for comparisons already.", "ask again in a minute.");
        }

        try
        {
            return TypedResults.Ok(await reading.CompareAsync(compared[0], compared[1], cancellationToken));
        }
        catch (IOException machine)
        {
            // The disk, an interpreter that is not there, a bundle that was touched: the sentence names it.
            return Problems.Blocked(machine.Message);
        }
    }
}
