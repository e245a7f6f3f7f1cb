using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Blockers;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Blockers;

public static class BlockerEndpoints
{
    public static void MapBlockers(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/blockers",
                async (BlockerStore blockers, Visible visible, CancellationToken cancellationToken) =>
                    (await blockers.ListAsync(visible, cancellationToken)).Select(View)
            )
            .Needs(Permission.ReadBlockers)
            .AboutWhatIsVisible();

    /// <summary>As the API shows it.</summary>
    public static BlockerView View(Blocker blocker) =>
        new(
            blocker.Subject,
            blocker.Code,
            blocker.What,
            blocker.Since,
            blocker.Until,
            blocker.Clears,
            blocker.Next,
            blocker.Origin,
            blocker.Rule
        );
}
