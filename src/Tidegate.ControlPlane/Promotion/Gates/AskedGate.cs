using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Promotion.Gates;

/// <summary>What a gate said, and whether work waits for it.</summary>
/// <param name="IsReport">It is shown, and work goes on whatever it says.</param>
public sealed record AskedGate(GateAnswer Answer, bool IsReport = false)
{
    [JsonIgnore]
    public bool LetsThrough => IsReport || Answer.Verdict is GateVerdict.Pass;
}
