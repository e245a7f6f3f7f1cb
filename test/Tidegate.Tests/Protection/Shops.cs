using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Measurements;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Protection;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.TestKit;

namespace Tidegate.Tests.Protection;

/// <summary>A site whose two shops are protected in every way that a policy can ask, at noon.</summary>
internal static class Shops
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    public static readonly SiteName Oslo = new("oslo");

    public static readonly ProtectionPolicy Policy = new()
    {
        Backup = TimeSpan.FromHours(26),
        Archive = true,
        Restore = TimeSpan.FromDays(30),
        Disk = 1.5,
        Rehearsal = TimeSpan.FromDays(7),
    };

    public static readonly RestoreProof Restored = new(
        "the verification of backup b1",
        Noon.AddDays(-3),
        TimeSpan.FromMinutes(4),
        null
    );

    public static readonly StoredBackup Backup = new(
        Oslo,
        new(
            "b1",
            BackupType.Full,
            Noon.AddHours(-6),
            Noon.AddHours(-5),
            new(0x100),
            new(0x200),
            new(1, 1),
            new(1, 2),
            1 << 30,
            1 << 28,
            null,
            [],
            HasPageErrors: false,
            "j-1"
        ),
        [new("shop_a", 1), new("shop_b__next", 2)],
        Rungs.Checked,
        Noon.AddDays(-3),
        null,
        null
    );

    public static readonly ArchiveState Archive = new(
        Noon.AddMinutes(-1),
        "x",
        Noon.AddMinutes(-2),
        "a",
        "x",
        null,
        null
    );

    public static readonly MeasuredSite Measured = new(
        Oslo,
        new(null, null, 10L << 30, false),
        Noon.AddSeconds(-30),
        null
    );

    public static readonly ProtectedSite Site = new(
        new BackupFacts(Oslo, Backup, Backup, Archive),
        Measured,
        [Tenant("a"), Tenant("b")],
        new RestoreProofs(Restored, ["shop_a", "shop_b__next"], [])
    );

    public static ProtectedTenant Tenant(string name, long bytes = 1L << 30) =>
        new(
            new TenantName(name),
            $"shop_{name}",
            Plans.Old.Digest,
            bytes,
            "modules",
            BackedUpAt: null,
            TimeSpan.FromMinutes(15),
            Rehearsal(name)
        );

    public static RehearsalBrief Rehearsal(string tenant, double days = 1, bool passed = true) =>
        new(
            new JobId("j-7"),
            new TenantName(tenant),
            Oslo,
            Plans.Old,
            Plans.New,
            "modules",
            "b1",
            Noon.AddDays(-days),
            Noon.AddDays(-days),
            Noon.AddDays(-days),
            passed,
            passed ? "as expected" : "a view cannot be shown",
            null,
            null
        );

    public static ProtectionFacts Facts(params ProtectedSite[] sites) => new(Plans.New, [.. sites], AtOnce: 2);

    public static GateAnswer Ask(ProtectedSite site, ProtectionPolicy? policy = null) =>
        ProtectedGate.Ask(policy ?? Policy, Facts(site), Noon);

    public static ImmutableArray<string> Codes(GateAnswer answer) => [.. answer.Reasons.Select(reason => reason.Code)];
}
