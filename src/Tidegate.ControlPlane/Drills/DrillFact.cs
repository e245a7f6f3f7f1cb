using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Drills;

/// <summary>How one objective stands with one scenario that it wants drilled, at one site.</summary>
/// <param name="Every">How often it is to be drilled.</param>
/// <param name="Proof">What it means when it is overdue or failed.</param>
/// <param name="Next">With whose data it is played next: whose last time is longest ago. Null where a site is drilled.</param>
/// <param name="Last">The last one that counts; null when there was none.</param>
/// <param name="LastAt">When that ended.</param>
/// <param name="Verdict">What that said of this objective.</param>
public sealed record DrillFact(
    ObjectiveName Objective,
    DrillScenario Scenario,
    SiteName Site,
    TimeSpan Every,
    GateDemand Proof,
    TenantName? Next,
    DrillId? Last,
    DateTimeOffset? LastAt,
    GateVerdict? Verdict
)
{
    // A drill takes a while, and one that is played in time is never overdue.
    private const double Ahead = 0.9;

    public bool IsDue(DateTimeOffset now) => LastAt is not { } last || last + (Every * Ahead) <= now;

    public bool IsOverdue(DateTimeOffset now) => LastAt is not { } last || last + Every <= now;

    public bool IsKept(DateTimeOffset now) => Verdict is GateVerdict.Pass && !IsOverdue(now);
}

/// <summary>What drills say of objectives, for gates and blockers. Pure: what is not known does not pass.</summary>
public sealed record DrillFacts(ImmutableArray<DrillFact> All)
{
    /// <summary>Why work may not go on: what objectives with <see cref="GateDemand.Required"/> want drilled and is not proven.</summary>
    public GateAnswer Ask(string gate, DateTimeOffset now)
    {
        var open = All.Where(fact => fact.Proof is GateDemand.Required && !fact.IsKept(now)).ToList();
        return GateReasons.Answer(
            gate,
            [.. open.Where(fact => fact.Verdict is GateVerdict.Fail).Select(fact => DrillReasons.Of(fact, now))],
            [.. open.Where(fact => fact.Verdict is not GateVerdict.Fail).Select(fact => DrillReasons.Of(fact, now))]
        );
    }
}
