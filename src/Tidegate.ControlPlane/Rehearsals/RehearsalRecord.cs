using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rehearsals.Lint;
using Tidegate.ControlPlane.Rehearsals.Observed;
using Tidegate.ControlPlane.Rehearsals.Prediction;

namespace Tidegate.ControlPlane.Rehearsals;

/// <summary>What was learnt by doing a tenant's whole upgrade on a neutralised copy of it.</summary>
/// <param name="Id">The job that did it.</param>
/// <param name="Modules">What the upgrade updated.</param>
/// <param name="ModulesFingerprint">Of the tenant's installed modules with their versions: another tenant's rehearsal, or one of before, is none.</param>
/// <param name="Source">The backup that it was restored from.</param>
/// <param name="Reason">Why it did not pass; one sentence, or what it came to.</param>
/// <param name="Steps">What was done, in order, with how long it took.</param>
/// <param name="Seen">What the migration did; null where it did not get so far.</param>
/// <param name="Class">What the release does to this database; null where it did not get so far.</param>
/// <param name="WayBack">What is proven to work after opening; null where it did not get so far.</param>
/// <param name="Isolation">What kept its processes from the network.</param>
public sealed record RehearsalRecord(
    JobId Id,
    TenantName Tenant,
    SiteName Site,
    ReleaseRef From,
    ReleaseRef To,
    ImmutableArray<string> Modules,
    string ModulesFingerprint,
    RehearsalSource Source,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    bool HasPassed,
    string Reason,
    ImmutableArray<RehearsedStep> Steps,
    RehearsalObservation? Seen,
    ProvenClass? Class,
    ProvenWayBack? WayBack,
    CutoverParts? Parts,
    string Isolation
)
{
    /// <summary>The last rehearsal of a release that is worth looking at: it passed, or says why not.</summary>
    public LintSeverity? Gravest => Seen?.Findings is [var first, ..] ? first.Severity : null;
}

/// <summary>What was restored.</summary>
/// <param name="Label">The backup's; what stands in its place where there was none.</param>
/// <param name="ReachedLsn">Where replaying the archive ended; null where nothing was replayed.</param>
/// <param name="DataAt">How old the data are.</param>
/// <param name="IsBackup">It came out of a backup, and so proves it.</param>
public sealed record RehearsalSource(string Label, string? ReachedLsn, DateTimeOffset DataAt, bool IsBackup);

/// <summary>One thing that was done.</summary>
/// <param name="Name"><c>restore</c>, <c>neutralise</c>, <c>migrate</c>; stable.</param>
/// <param name="Summary">What came of it, one sentence.</param>
public sealed record RehearsedStep(string Name, double Seconds, string Summary);

/// <summary>What was seen of the migration, without what only a machine reads.</summary>
/// <param name="Commands">Statements that define or change a structure, in order, at most <see cref="MostKept"/>.</param>
/// <param name="CommandCount">All of them.</param>
/// <param name="Tables">Tables whose rows changed.</param>
/// <param name="Changes">What differs in the structure, one line each.</param>
/// <param name="Invariants">Figures of the business before and after.</param>
/// <param name="BrokenViews">Views that could be shown before and cannot be any more.</param>
/// <param name="Oracle">What the success oracle says.</param>
public sealed record RehearsalObservation(
    ImmutableArray<DdlCommand> Commands,
    int CommandCount,
    ImmutableArray<TableRewrite> Rewrites,
    ImmutableArray<LockHeld> Locks,
    ImmutableArray<TableRows> Tables,
    ImmutableArray<string> Changes,
    MigrationUsage Usage,
    ImmutableArray<Invariant> Invariants,
    ImmutableArray<BrokenView> BrokenViews,
    ImmutableArray<OracleSaying> Oracle,
    ImmutableArray<LintFinding> Findings
)
{
    public const int MostKept = 500;
}

/// <summary>A question of the success oracle with its answer.</summary>
/// <param name="Verdict"><c>Pass</c>, <c>Fail</c>, <c>Inconclusive</c>.</param>
public sealed record OracleSaying(string Question, string Verdict, string Sentence);

/// <summary>A view that cannot be shown.</summary>
/// <param name="Name">Its external id where it has one.</param>
public sealed record BrokenView(string Name, string Model, string Error);
