using Microsoft.AspNetCore.Builder;

namespace Tidegate.ControlPlane.Access;

/// <summary>What a route needs. Every route declares one; a test enumerates them.</summary>
/// <param name="Name"><c>rollout.start</c>, <c>fleet.read</c>.</param>
public sealed record Permission(string Name)
{
    public static readonly Permission ReadFleet = new("fleet.read");
    public static readonly Permission ChangeFleet = new("fleet.change");
    public static readonly Permission ReadReleases = new("release.read");
    public static readonly Permission RegisterReleases = new("release.register");
    public static readonly Permission ProbeReleases = new("release.probe");
    public static readonly Permission ValidateReleases = new("release.validate");
    public static readonly Permission BlockReleases = new("release.block");
    public static readonly Permission ReadRollouts = new("rollout.read");
    public static readonly Permission PlanRollouts = new("rollout.plan");
    public static readonly Permission StartRollouts = new("rollout.start");
    public static readonly Permission AbortRollouts = new("rollout.abort");
    public static readonly Permission ResumeRollouts = new("rollout.resume");
    public static readonly Permission FollowSource = new("source.follow");
    public static readonly Permission SyncSource = new("source.sync");
    public static readonly Permission AcceptCommits = new("source.accept");

    /// <summary>What a forge may that proves itself by the webhook's secret.</summary>
    public static readonly Permission TellSource = new("source.tell");
    public static readonly Permission ReadPromotions = new("promotion.read");
    public static readonly Permission StartPromotions = new("promotion.start");
    public static readonly Permission LiftHolds = new("promotion.lift");
    public static readonly Permission ReadApprovals = new("approval.read");
    public static readonly Permission AskApprovals = new("approval.ask");

    /// <summary>To agree, to reject, to take back; not to start.</summary>
    public static readonly Permission GiveApprovals = new("approval.give");
    public static readonly Permission DelegateApprovals = new("approval.delegate");
    public static readonly Permission ReadEmergencies = new("emergency.read");
    public static readonly Permission SecondEmergencies = new("emergency.second");
    public static readonly Permission CloseEmergencies = new("emergency.close");
    public static readonly Permission ReadLedger = new("ledger.read");

    /// <summary>To say how long entries are kept; not to remove any.</summary>
    public static readonly Permission SetLedgerRetention = new("ledger.retention");

    /// <summary>To have old entries removed, as far as the period allows it.</summary>
    public static readonly Permission RunLedgerRetention = new("ledger.drop");
    public static readonly Permission ReadBlockers = new("blocker.read");
    public static readonly Permission ReadDrift = new("drift.read");
    public static readonly Permission CheckDrift = new("drift.check");
    public static readonly Permission HealDrift = new("drift.heal");
    public static readonly Permission ReadCheckpoints = new("checkpoint.read");
    public static readonly Permission DropCheckpoints = new("checkpoint.drop");
    public static readonly Permission ReadObjectives = new("objective.read");
    public static readonly Permission ReadCalendars = new("calendar.read");
    public static readonly Permission ReadBackups = new("backup.read");
    public static readonly Permission RunBackups = new("backup.run");
    public static readonly Permission VerifyBackups = new("backup.verify");
    public static readonly Permission ScheduleBackups = new("backup.schedule");
    public static readonly Permission ReadCopies = new("copy.read");
    public static readonly Permission ChangeCopies = new("copy.change");
    public static readonly Permission RunDrills = new("drill.run");
    public static readonly Permission ReadDrills = new("drill.read");
    public static readonly Permission OrderRehearsals = new("rehearsal.order");
    public static readonly Permission ReadRehearsals = new("rehearsal.read");
    public static readonly Permission ReadJobs = new("job.read");
    public static readonly Permission PriceRestores = new("restore.price");
    public static readonly Permission RestoreTenants = new("restore.order");
    public static readonly Permission RefreshTenants = new("tenant.refresh");
    public static readonly Permission CancelJobs = new("job.cancel");
    public static readonly Permission TakeControlBackups = new("control-backup.take");
    public static readonly Permission ReadTenantBackups = new("tenant-backup.read");
    public static readonly Permission TakeTenantBackups = new("tenant-backup.take");
    public static readonly Permission VerifyTenantBackups = new("tenant-backup.verify");
    public static readonly Permission ExpireTenantBackups = new("tenant-backup.expire");
    public static readonly Permission ReadAccess = new("access.read");
    public static readonly Permission ChangeAccess = new("access.change");

    /// <summary>What everybody may who is known: who am I, my password, my tokens.</summary>
    public static readonly Permission OwnAccount = new("access.own");

    /// <summary>What anybody may try: whoever signs in proves it by the password.</summary>
    public static readonly Permission SignIn = new("access.sign-in");

    /// <summary>What only the operating system's user may that owns the home, and with it the database and every secret.</summary>
    public static readonly Permission HoldHome = new("access.home");
}

/// <summary>Declares permissions on routes.</summary>
public static class PermissionExtensions
{
    public static TBuilder Needs<TBuilder>(this TBuilder route, Permission permission)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(permission);
}
