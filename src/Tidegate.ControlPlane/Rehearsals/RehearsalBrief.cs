using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rehearsals.Prediction;

namespace Tidegate.ControlPlane.Rehearsals;

/// <summary>Of a rehearsal, what plans, gates and lists ask.</summary>
/// <param name="Parts">Null where it did not get so far.</param>
public sealed record RehearsalBrief(
    JobId Id,
    TenantName Tenant,
    SiteName Site,
    ReleaseRef From,
    ReleaseRef To,
    string ModulesFingerprint,
    string Backup,
    DateTimeOffset DataAt,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    bool HasPassed,
    string Reason,
    ReleaseClass? Class,
    CutoverParts? Parts
);
