using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Drills;

/// <summary>A drill that was played to its end.</summary>
/// <param name="Failure">Why the loss could not be recovered from; null when it was.</param>
public sealed record DrillResult(
    DrillId Id,
    DrillScenario Scenario,
    SiteName Site,
    TenantName? Tenant,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    ImmutableArray<DrillStep> Steps,
    DrillMeasurement Measured,
    DrillJudgement Judgement,
    string? Failure
);

/// <summary>One step of a drill.</summary>
/// <param name="IsRecovery">Whether its time is part of the recovery time: what only prepares the loss, or looks on, is not.</param>
/// <param name="Note">What came of it.</param>
public sealed record DrillStep(string What, DateTimeOffset At, TimeSpan Took, bool IsRecovery, string? Note = null);

/// <summary>What a drill measured. What was not measured is null, and never counts as good.</summary>
/// <param name="RecoveryTime">From the loss until what was recovered had been looked at.</param>
/// <param name="RecoveryPoint">How far what can be recovered lay behind what was acknowledged, at worst while it was watched.</param>
/// <param name="Acknowledged">Markers that the cluster had acknowledged when it was lost.</param>
/// <param name="Lost">How many of them are not there any more.</param>
/// <param name="Documents">Business documents that were found again, by model; null where the model's table was not there.</param>
/// <param name="Checks">What was looked at.</param>
public sealed record DrillMeasurement(
    TimeSpan? RecoveryTime,
    TimeSpan? RecoveryPoint,
    long? Acknowledged,
    long? Lost,
    ImmutableSortedDictionary<string, long?> Documents,
    ImmutableArray<DrillCheck> Checks
)
{
    /// <summary>What was restored and then read to the last page, as the verification of a backup does; null where that was not done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DrilledRestore? Restored { get; init; }

    public static DrillMeasurement Nothing { get; } =
        new(null, null, null, null, ImmutableSortedDictionary<string, long?>.Empty, []);
}

/// <summary>A restore of a whole cluster inside a drill.</summary>
/// <param name="Databases">Those that were there.</param>
/// <param name="Took">From its beginning until every table and index had been read.</param>
public sealed record DrilledRestore(ImmutableArray<string> Databases, TimeSpan Took);

/// <summary>One thing that must hold after a recovery.</summary>
/// <param name="Holds">Null when it could not be told.</param>
public sealed record DrillCheck(string What, bool? Holds, string Detail);

/// <summary>A drill held against its objectives.</summary>
public sealed record DrillJudgement(
    GateVerdict Verdict,
    ImmutableArray<ProcessJudgement> Processes,
    ImmutableArray<string> Reasons
);

/// <summary>What a drill says about one process.</summary>
public sealed record ProcessJudgement(
    string Process,
    ObjectiveName Objective,
    TimeSpan WantedTime,
    TimeSpan? AchievedTime,
    TimeSpan WantedPoint,
    TimeSpan? AchievedPoint,
    GateVerdict Verdict,
    ImmutableArray<string> Reasons
);
