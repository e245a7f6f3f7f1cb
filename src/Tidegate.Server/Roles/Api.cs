using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Checkpoints;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Parity;
using Tidegate.ControlPlane.Placement;
using Tidegate.ControlPlane.Promotion;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Server.Roles;

/// <summary>All routes of the API.</summary>
internal static class Api
{
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapFleet();
        routes.MapPlacement();
        routes.MapFollowing();
        routes.MapReleases();
        routes.MapCapabilities();
        routes.MapConfiguration();
        routes.MapParity();
        routes.MapRollouts();
        routes.MapPromotion();
        routes.MapCheckpoints();
        routes.MapBlockers();
        routes.MapDrift();
    }
}
