namespace Tidegate.Contracts.Rehearsals;

/// <summary>Asks for rehearsals of a release: of one tenant, or of every tenant of a wave.</summary>
/// <param name="Environment">Where the release is to go; of a tenant its own where it is null.</param>
/// <param name="Wave">A wave of the plan that would be made now, counted from 1.</param>
/// <param name="Accepted">Modules that keep credentials and bring no script to take them out: emptying them is enough.</param>
public sealed record OrderRehearsals(
    string Release,
    string? Environment,
    string? Tenant,
    int? Wave,
    IReadOnlyList<string>? Accepted = null,
    string? Reason = null
);

/// <summary>A rehearsal that was ordered.</summary>
/// <param name="Id">The job's id, and the rehearsal's.</param>
public sealed record OrderedRehearsal(string Tenant, string Id);

/// <summary>What came of a rehearsal that was ordered.</summary>
/// <param name="Outcome"><c>passed</c>, <c>not_passed</c>, <c>failed</c> (there was nothing to rehearse on) or <c>cancelled</c>.</param>
/// <param name="Failure">One sentence; null unless it failed.</param>
/// <param name="Rehearsal">What was learnt; null where it failed or was cancelled.</param>
public sealed record RehearsedTenant(
    string Tenant,
    string Id,
    string Outcome,
    string? Failure,
    RehearsalDetails? Rehearsal
);

/// <summary>A rehearsal that was done.</summary>
/// <param name="Backup">The backup that it was restored from, and that it proves.</param>
/// <param name="DataAt">How old its data were.</param>
/// <param name="Reason">Why it did not pass, or what it came to.</param>
/// <param name="Class">A to E; null where it did not get so far.</param>
public sealed record RehearsalView(
    string Id,
    string Tenant,
    string Site,
    string From,
    string To,
    string ToDigest,
    string Backup,
    DateTimeOffset DataAt,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    bool HasPassed,
    string Reason,
    string? Class
);

/// <summary>A rehearsal with everything that was learnt. What it did not get to is null.</summary>
/// <param name="Modules">What was updated.</param>
/// <param name="ReachedLsn">Where replaying the archive ended.</param>
/// <param name="Isolation">What kept its processes from the network.</param>
/// <param name="Prediction">Of the hold, with what is known now of this site's cutovers.</param>
public sealed record RehearsalDetails(
    RehearsalView Rehearsal,
    IReadOnlyList<string> Modules,
    string? ReachedLsn,
    string Isolation,
    IReadOnlyList<RehearsedStepView> Steps,
    IReadOnlyList<string> ClassReasons,
    ProvenWayBackView? WayBack,
    RehearsalPredictionView? Prediction,
    RehearsalSeenView? Seen
);

public sealed record RehearsedStepView(string Name, double Seconds, string Summary);

/// <param name="ImageOnly">Whether the old code worked on the new database.</param>
/// <param name="Restore">Whether a backup was restored.</param>
/// <param name="Strategies">Legal ones, the least disturbing first.</param>
public sealed record ProvenWayBackView(
    bool ImageOnly,
    string ImageOnlyReason,
    bool Restore,
    IReadOnlyList<string> Strategies
);

/// <param name="TotalSeconds">The whole upgrade up to opening.</param>
/// <param name="Basis">What it rests on.</param>
public sealed record RehearsalPredictionView(
    double HoldSeconds,
    double LowSeconds,
    double HighSeconds,
    double TotalSeconds,
    string Basis
);

/// <summary>What was seen of the migration.</summary>
/// <param name="CommandCount">All statements that define or change a structure; the first are in <paramref name="Commands"/>.</param>
/// <param name="Rewritten">Tables that were written anew.</param>
/// <param name="Changes">What differs in the structure.</param>
public sealed record RehearsalSeenView(
    RehearsalUsageView Usage,
    int CommandCount,
    IReadOnlyList<RehearsedCommandView> Commands,
    IReadOnlyList<string> Rewritten,
    IReadOnlyList<RehearsedLockView> Locks,
    IReadOnlyList<RehearsedTableView> Tables,
    IReadOnlyList<string> Changes,
    IReadOnlyList<RehearsedFigureView> Figures,
    IReadOnlyList<BrokenViewView> BrokenViews,
    IReadOnlyList<OracleView> Oracle,
    IReadOnlyList<RehearsalFindingView> Findings
);

public sealed record RehearsalUsageView(
    double Seconds,
    long WalBytes,
    long DiskPeakBytes,
    long DatabaseBytesBefore,
    long DatabaseBytesAfter,
    double SampleMs
);

/// <param name="Ms">Null when it failed.</param>
public sealed record RehearsedCommandView(string Tag, string Text, double? Ms);

public sealed record RehearsedLockView(string Table, string Mode, double LongestMs, double TotalMs, double IdleMs);

/// <param name="Before">Null when the table was not there.</param>
/// <param name="After">Null when it is gone.</param>
public sealed record RehearsedTableView(
    string Table,
    long? Before,
    long? After,
    long Inserted,
    long Updated,
    long Deleted
);

public sealed record RehearsedFigureView(string Name, string? Before, string? After, bool Holds);

public sealed record BrokenViewView(string Name, string Model, string Error);

public sealed record OracleView(string Question, string Verdict, string Sentence);

/// <param name="Severity"><c>block</c>, <c>high</c>, <c>warning</c> or <c>info</c>.</param>
public sealed record RehearsalFindingView(
    string Severity,
    int Rule,
    string Code,
    string Where,
    string What,
    string Why,
    string Mend
);
