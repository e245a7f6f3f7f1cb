using System.Globalization;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;

namespace Tidegate.ControlPlane.Promotion.Gates;

/// <summary>Whether no tenant runs a release that was registered after this one: what was migrated stays migrated.</summary>
public static class OlderGate
{
    public const string Name = "older";

    public static GateAnswer Ask(PromotionFacts facts) =>
        facts is { Here.AheadExample: { } ahead } && facts.Question.Order is not { Older: true }
            ? GateAnswer.Fail(
                Name,
                new GateReason(
                    "release-older",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{facts.Here.Ahead} of {facts.Here.Tenants} tenants of {facts.Environment} run a release that was registered after {facts.Release.Name}: {ahead.Tenant} runs {ahead.Release}. Going there is no way back."
                    ),
                    Clearing.Operator,
                    $"ask for a newer release, or tidegate promotion start {facts.Environment} --older --reason TEXT if that is meant"
                )
            )
            : GateAnswer.Pass(Name);
}
