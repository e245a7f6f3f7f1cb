using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Parity;

public static class ParityEndpoints
{
    public static void MapParity(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/environments/{upstream}/parity/{downstream}", CompareAsync)
            .Needs(Permission.ReadFleet)
            .About(SubjectKind.Environment, "upstream", "downstream");

    private static async Task<IResult> CompareAsync(
        string upstream,
        string downstream,
        ParityDesk desk,
        CancellationToken cancellationToken
    )
    {
        var (one, other) = (new EnvironmentName(upstream), new EnvironmentName(downstream));
        if (await desk.UnknownAsync([one, other], cancellationToken) is [var unknown, ..])
        {
            return Problems.NotFound(
                $"environment \"{unknown}\" has no pools.",
                "tidegate tenant list shows those there are."
            );
        }

        var comparison = await desk.CompareAsync(one, other, maybeRead: false, cancellationToken);
        return TypedResults.Ok(
            new ParityView(
                upstream,
                downstream,
                ParityGate.Ask(comparison).View(),
                [.. comparison.Differences.Select(View)]
            )
        );
    }

    private static ParityDifferenceView View(ParityDifference difference) =>
        new(
            ParityGate.Code(difference.Key.Aspect),
            difference.Key.Name,
            difference.Upstream,
            difference.Downstream,
            difference.Tenants,
            difference.Example?.Value,
            difference.Weight switch
            {
                ParityWeight.Matters => "matters",
                ParityWeight.Unknown => "unknown",
                ParityWeight.Note => "note",
            },
            difference.Why
        );
}
