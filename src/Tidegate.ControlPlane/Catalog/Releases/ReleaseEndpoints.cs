using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts;
using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog.Releases;

public static class ReleaseEndpoints
{
    private const int LongestList = 500;

    public static void MapReleases(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(
                "/api/releases",
                async (ReleaseStore releases, CancellationToken cancellationToken) =>
                    (await releases.ListAsync(LongestList, cancellationToken)).Select(ReleaseViews.Of)
            )
            .Needs(Permission.ReadReleases)
            .AboutNoShop();
        routes.MapPost("/api/releases", RegisterAsync).Needs(Permission.RegisterReleases).AboutNoShop();
        routes.MapGet("/api/releases/{name}", ShowAsync).Needs(Permission.ReadReleases).AboutNoShop();
        routes.MapPost("/api/releases/{name}/block", BlockAsync).Needs(Permission.BlockReleases);
        routes.MapPost("/api/releases/{name}/unblock", UnblockAsync).Needs(Permission.BlockReleases);
        routes.MapReleaseReading();
    }

    internal static JsonHttpResult<ApiProblem> Unknown(string name) =>
        Problems.NotFound($"there is no release \"{name}\".", "tidegate release list shows those there are.");

    private static async Task<IResult> RegisterAsync(
        RegisterRelease request,
        ReleaseDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (!ReleaseDigest.TryParse(request.Digest, out var digest))
        {
            return Problems.Invalid(
                $"\"{request.Digest}\" is not a digest: sha256: and 64 hexadecimal digits.",
                "tidegate release show --home DIR prints it."
            );
        }

        if (request.Risk is { } word && ReleaseRisk.Parse(word) is null)
        {
            return Problems.Invalid($"\"{word}\" is no risk: low, normal or high.");
        }

        var wanted = new ReleaseRegistration(request.Name, digest, request.Commit)
        {
            DeclaredPriceChanges = request.DeclaredPriceChanges is { } prices ? [.. prices] : null,
            DeclaredBehaviourChanges = request.DeclaredBehaviourChanges is { } changes ? [.. changes] : null,
            DeclaredDrops = request.DeclaredDrops is { } drops ? [.. drops] : null,
            Summary = request.Summary,
            Risk = request.Risk is { } level ? new(ReleaseRisk.Parse(level)!.Value, request.RiskReason ?? "") : null,
        };
        return await desk.RegisterAsync(wanted, Actor.Of(context), cancellationToken) switch
        {
            RegisterResult.Registered registered => TypedResults.Ok(ReleaseViews.Of(registered.Release)),
            RegisterResult.Invalid invalid => Problems.Invalid(invalid.What),
            RegisterResult.NoBundle missing => Problems.NotFound(missing.What, "tidegate release build makes it."),
            RegisterResult.Conflict conflict => Problems.Conflict(conflict.What),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static async Task<IResult> ShowAsync(
        string name,
        ReleaseStore releases,
        ReleaseDesk desk,
        CancellationToken cancellationToken
    )
    {
        if (await releases.FindAsync(name, cancellationToken) is not { } release)
        {
            return Unknown(name);
        }

        var (manifest, report) = await desk.ReadAsync(release, cancellationToken);
        return TypedResults.Ok(ReleaseViews.Details(release, manifest, report));
    }

    private static Task<IResult> BlockAsync(
        string name,
        ChangeReleaseBlock request,
        ReleaseDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) => ChangeAsync(name, request, desk.BlockAsync, context, cancellationToken);

    private static Task<IResult> UnblockAsync(
        string name,
        ChangeReleaseBlock request,
        ReleaseDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) => ChangeAsync(name, request, desk.UnblockAsync, context, cancellationToken);

    private static async Task<IResult> ChangeAsync(
        string name,
        ChangeReleaseBlock request,
        Func<string, string, string, CancellationToken, Task<ReleaseRecord?>> change,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        string.IsNullOrWhiteSpace(request.Reason) ? Problems.Invalid("a reason is needed: whoever is stopped reads it.")
        : ReleaseNotes.LineRefusal(request.Reason) is { } wrong ? Problems.Invalid(wrong)
        : await change(name, request.Reason, Actor.Of(context), cancellationToken) is { } release
            ? TypedResults.Ok(ReleaseViews.Of(release))
        : Unknown(name);
}
