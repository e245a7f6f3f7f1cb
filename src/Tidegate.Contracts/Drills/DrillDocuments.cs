namespace Tidegate.Contracts.Drills;

/// <summary>Asks for a drill.</summary>
/// <param name="Scenario"><c>tenant-corruption</c>, <c>cluster-loss</c>, ….</param>
/// <param name="Tenant">Where it is played with one tenant.</param>
/// <param name="Site">Where it is played with a site; null for the only one there is.</param>
public sealed record RunDrill(string Scenario, string? Tenant, string? Site, string? Reason);

/// <summary>A drill that was played.</summary>
/// <param name="Verdict"><c>pass</c>, <c>fail</c> or <c>inconclusive</c>.</param>
/// <param name="RecoveryTimeSeconds">Null when it was not measured.</param>
/// <param name="RecoveryPointSeconds">Null when it was not measured.</param>
/// <param name="Report">SHA-256 of its report in the object store.</param>
public sealed record DrillView(
    string Id,
    string Scenario,
    string Site,
    string? Tenant,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    string Verdict,
    double? RecoveryTimeSeconds,
    double? RecoveryPointSeconds,
    long? Acknowledged,
    long? Lost,
    string Report
);

/// <summary>A drill with everything about it.</summary>
/// <param name="Markdown">The report for people.</param>
public sealed record DrillDetails(
    DrillView Drill,
    IReadOnlyList<DrillProcessView> Processes,
    IReadOnlyList<DrillStepView> Steps,
    IReadOnlyList<DrillCheckView> Checks,
    IReadOnlyList<string> Reasons,
    string Markdown
);

/// <summary>What a drill says about one process.</summary>
public sealed record DrillProcessView(
    string Process,
    string Objective,
    double WantedTimeSeconds,
    double? AchievedTimeSeconds,
    double WantedPointSeconds,
    double? AchievedPointSeconds,
    string Verdict,
    IReadOnlyList<string> Reasons
);

/// <summary>One step of a drill.</summary>
/// <param name="IsRecovery">Whether its time is part of the recovery time.</param>
public sealed record DrillStepView(string What, DateTimeOffset At, double Seconds, bool IsRecovery, string? Note);

/// <summary>One thing that must hold after a recovery.</summary>
/// <param name="Holds">Null when it could not be told.</param>
public sealed record DrillCheckView(string What, bool? Holds, string Detail);
