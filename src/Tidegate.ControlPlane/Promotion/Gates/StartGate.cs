using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;

namespace Tidegate.ControlPlane.Promotion.Gates;

/// <summary>Whether a person has said that work may start, where the policy waits for one.</summary>
public static class StartGate
{
    public const string Name = "start";

    /// <summary>Null where work starts by itself.</summary>
    public static GateAnswer? Ask(PromotionFacts facts) =>
        facts switch
        {
            { Policy.Start: StartMode.Automatic } => null,
            { Question.Order: not null } => GateAnswer.Pass(Name),
            _ => GateAnswer.Fail(
                Name,
                new GateReason(
                    "start-manual",
                    $"the policy {facts.Policy.Name} of {facts.Environment} waits for a person to start {facts.Release.Name}.",
                    Clearing.Operator,
                    $"tidegate promotion start {facts.Environment}"
                )
            ),
        };
}
