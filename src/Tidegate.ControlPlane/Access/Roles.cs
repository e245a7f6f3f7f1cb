using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Access;

/// <summary>All roles there are. docs/access.md shows them as a table, which a test compares with this.</summary>
public static class Roles
{
    /// <summary>Written out for each role that has them: no right comes with another.</summary>
    private static readonly ImmutableArray<Permission> Reading =
    [
        Permission.ReadFleet,
        Permission.ReadReleases,
        Permission.ReadRollouts,
        Permission.ReadPromotions,
        Permission.ReadBlockers,
        Permission.ReadCalendars,
        Permission.ReadDrift,
        Permission.ReadCheckpoints,
        Permission.ReadObjectives,
        Permission.ReadBackups,
        Permission.ReadTenantBackups,
        Permission.ReadCopies,
        Permission.ReadDrills,
        Permission.ReadRehearsals,
        Permission.ReadJobs,
        Permission.ReadApprovals,
        Permission.ReadEmergencies,
    ];

    /// <summary>Sees what there is and what goes on.</summary>
    public static readonly Role Viewer = new("viewer", Reading, []);

    /// <summary>Makes releases, and tries them where no shop sells.</summary>
    public static readonly Role Developer = new(
        "developer",
        [
            .. Reading,
            Permission.RegisterReleases,
            Permission.ValidateReleases,
            Permission.ProbeReleases,
            Permission.SyncSource,
        ],
        [
            Permission.AskApprovals,
            Permission.PlanRollouts,
            Permission.StartRollouts,
            Permission.AbortRollouts,
            Permission.ResumeRollouts,
            Permission.StartPromotions,
            Permission.OrderRehearsals,
            Permission.RefreshTenants,
        ]
    );

    /// <summary>Takes releases to the shops.</summary>
    public static readonly Role ReleaseManager = new(
        "release-manager",
        [
            .. Reading,
            Permission.RegisterReleases,
            Permission.ValidateReleases,
            Permission.ProbeReleases,
            Permission.BlockReleases,
            Permission.PlanRollouts,
            Permission.StartRollouts,
            Permission.AbortRollouts,
            Permission.ResumeRollouts,
            Permission.StartPromotions,
            Permission.LiftHolds,
            Permission.OrderRehearsals,
            Permission.AskApprovals,
            Permission.SyncSource,
            Permission.AcceptCommits,
            Permission.CheckDrift,
            Permission.PriceRestores,
            Permission.ReadLedger,
        ],
        []
    );

    /// <summary>Agrees, or does not; starts nothing.</summary>
    public static readonly Role Approver = new(
        "approver",
        [
            .. Reading,
            Permission.GiveApprovals,
            Permission.DelegateApprovals,
            Permission.SecondEmergencies,
            Permission.CloseEmergencies,
            Permission.PriceRestores,
        ],
        []
    );

    /// <summary>Keeps the shops running: stops, heals, backs up and brings back.</summary>
    public static readonly Role Operator = new(
        "operator",
        [
            .. Reading,
            Permission.AbortRollouts,
            Permission.ResumeRollouts,
            Permission.ChangeFleet,
            Permission.FollowSource,
            Permission.SyncSource,
            Permission.CheckDrift,
            Permission.HealDrift,
            Permission.DropCheckpoints,
            Permission.RunBackups,
            Permission.VerifyBackups,
            Permission.ScheduleBackups,
            Permission.TakeTenantBackups,
            Permission.VerifyTenantBackups,
            Permission.ExpireTenantBackups,
            Permission.TakeControlBackups,
            Permission.ChangeCopies,
            Permission.RunDrills,
            Permission.PriceRestores,
            Permission.RestoreTenants,
            Permission.RefreshTenants,
            Permission.CancelJobs,
            Permission.ReadLedger,
            Permission.RunLedgerRetention,
        ],
        []
    );

    /// <summary>Says who may what and how long the ledger is kept, and may nothing of it.</summary>
    public static readonly Role Administrator = new(
        "administrator",
        [Permission.ReadAccess, Permission.ChangeAccess, Permission.ReadFleet, Permission.SetLedgerRetention],
        []
    );

    /// <summary>Sees everything, what was done and who may what included.</summary>
    public static readonly Role Auditor = new(
        "auditor",
        [.. Reading, Permission.ReadLedger, Permission.ReadAccess],
        []
    );

    public static ImmutableArray<Role> All { get; } =
    [Viewer, Developer, ReleaseManager, Approver, Operator, Administrator, Auditor];

    /// <summary>What no role has: whoever asks proves it another way, or it is everybody's own.</summary>
    public static ImmutableArray<Permission> OfNoRole { get; } =
    [Permission.TellSource, Permission.SignIn, Permission.OwnAccount, Permission.HoldHome];

    /// <summary>Null when there is no such role.</summary>
    public static Role? Find(string name) => All.FirstOrDefault(role => role.Name == name);
}
