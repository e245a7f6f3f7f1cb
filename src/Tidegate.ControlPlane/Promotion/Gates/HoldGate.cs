using System.Globalization;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;

namespace Tidegate.ControlPlane.Promotion.Gates;

/// <summary>After a rollout of the digest went back here, automation does not try it again until a person says so.</summary>
public static class HoldGate
{
    public const string Name = "hold";

    public static GateAnswer Ask(PromotionFacts facts) =>
        facts.Hold is not { } hold
            ? GateAnswer.Pass(Name)
            : GateAnswer.Fail(
                Name,
                new GateReason(
                    "went-back",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{facts.Release.Name} went back in {facts.Environment} at {hold.Since.ToUniversalTime():u} (rollout {hold.Rollout}): {hold.Reason}"
                    ),
                    Clearing.Operator,
                    $"ask for another release, or tidegate promotion lift {facts.Environment} --release {facts.Release.Name} --reason TEXT"
                )
            );
}
