using Tidegate.ControlPlane.Accounts;
using Tidegate.ControlPlane.Approvals;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Checkpoints;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.ControlBackups;
using Tidegate.ControlPlane.Copies;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Emergencies;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Ledger;
using Tidegate.ControlPlane.LedgerRetention;
using Tidegate.ControlPlane.Measurements;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Parity;
using Tidegate.ControlPlane.Placement;
using Tidegate.ControlPlane.Promotion;
using Tidegate.ControlPlane.Refreshes;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.ControlPlane.Why;

namespace Tidegate.Server.Roles;

/// <summary>All routes of the API.</summary>
internal static class Api
{
    public static void MapApi(this IEndpointRouteBuilder application)
    {
        var routes = application.MapGroup("").AddEndpointFilter(AccessGuard.AuthorizeAsync);
        routes.MapAccess();
        routes.MapFleet();
        routes.MapPlacement();
        routes.MapFollowing();
        routes.MapReleases();
        routes.MapCapabilities();
        routes.MapConfiguration();
        routes.MapParity();
        routes.MapRollouts();
        routes.MapPromotion();
        routes.MapApprovals();
        routes.MapEmergencies();
        routes.MapCheckpoints();
        routes.MapCopies();
        routes.MapBlockers();
        routes.MapWhy();
        routes.MapLedger();
        routes.MapLedgerRetention();
        routes.MapDrift();
        routes.MapObjectives();
        routes.MapCalendars();
        routes.MapDrills();
        routes.MapRehearsals();
        routes.MapJobs();
        routes.MapRestores();
        routes.MapRefreshes();
        routes.MapBackups();
        routes.MapTenantBackups();
        routes.MapControlBackups();
        routes.MapMeasurements();
        routes.MapApiDescription();
    }
}
