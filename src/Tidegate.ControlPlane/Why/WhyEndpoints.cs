using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Why;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Blockers;

namespace Tidegate.ControlPlane.Why;

public static class WhyEndpoints
{
    private const string Kinds = "tenant, rollout, release, environment, commit or approval";

    public static void MapWhy(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/why", AskAsync).Needs(Permission.ReadBlockers).AboutWhatIsVisible();

    /// <param name="of">What does not move: <c>tenant/shop-oslo</c>, or a name that only one object has.</param>
    private static async Task<IResult> AskAsync(
        string? of,
        WhyReader reader,
        Visible visible,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrWhiteSpace(of) || of.Length > WhySubject.Longest || of.Any(char.IsControl))
        {
            return Problems.Invalid(
                "of is what does not move: a name, or a kind and a name as in tenant/shop-oslo.",
                $"the kinds are {Kinds}."
            );
        }

        return await reader.AskAsync(of, visible, cancellationToken) switch
        {
            WhyAnswer.Told told => TypedResults.Ok(View(told)),
            WhyAnswer.Ambiguous many => Problems.Conflict(
                $"\"{of}\" is the name of {string.Join(" and of ", many.Subjects)}.",
                "ask with the kind in front of it."
            ),
            WhyAnswer.Unknown => Problems.NotFound(
                $"there is nothing called \"{of}\", or nothing of that kind is blocked.",
                $"a {Kinds} is named by its name or with its kind: tenant/shop-oslo. tidegate blockers shows all that is blocked."
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static WhyView View(WhyAnswer.Told told) =>
        new(
            told.Chain[0].Subject,
            told.Chain.Any(link => !link.Blockers.IsEmpty),
            told.IsWhole,
            [
                .. told.Chain.Select(link => new WhyLinkView(
                    link.Subject,
                    link.What,
                    [.. link.Blockers.Select(BlockerEndpoints.View)],
                    link.WaitsFor
                )),
            ]
        );
}
