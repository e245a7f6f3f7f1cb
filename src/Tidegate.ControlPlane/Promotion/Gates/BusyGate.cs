using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;

namespace Tidegate.ControlPlane.Promotion.Gates;

/// <summary>Whether a rollout may begin beside what runs in the environment.</summary>
public static class BusyGate
{
    public const string Name = "busy";

    public static GateAnswer Ask(PromotionFacts facts) =>
        facts switch
        {
            { Here.Tenants: 0 } => GateAnswer.Inconclusive(
                Name,
                new GateReason(
                    "no-tenants",
                    $"{facts.Environment} has no tenants.",
                    Clearing.Operator,
                    "add a tenant to a pool of it"
                )
            ),
            { Running: null } => GateAnswer.Pass(Name),
            { Policy.WhenBusy: BusyMode.Supersede } when CanBeSuperseded(facts) => GateAnswer.Pass(Name),
            { Running: { } running } => GateAnswer.Fail(
                Name,
                new GateReason(
                    "rollout-running",
                    $"rollout {running.Id} of {running.Release.Name} runs in {facts.Environment}.",
                    Clearing.Nobody,
                    $"wait; tidegate rollout watch {running.Id}, and tidegate rollout abort {running.Id} stops it"
                )
            ),
        };

    /// <summary>A rollout of the same release is what was asked for; and where every tenant runs the release still, there is nobody to take over.</summary>
    private static bool CanBeSuperseded(PromotionFacts facts) =>
        facts.Running!.Release.Digest != facts.Release.Digest && facts.Here.OnRelease < facts.Here.Tenants;
}
