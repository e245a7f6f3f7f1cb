using Tidegate.ControlPlane.Objectives;

namespace Tidegate.ControlPlane.Drills;

/// <summary>What of a scenario this version can play.</summary>
public interface IDrillScenarios
{
    /// <summary>Null when it can be played; else why it cannot, in one sentence.</summary>
    string? Refusal(DrillScenario scenario);
}
