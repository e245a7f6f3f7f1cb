using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;

namespace Tidegate.ControlPlane.Promotion.Gates;

/// <summary>Whether the catalogue knows the release under that name with that very digest.</summary>
public static class RegisteredGate
{
    public const string Name = "registered";

    public static GateAnswer Ask(PromotionFacts facts) =>
        facts switch
        {
            { Record: not null } => GateAnswer.Pass(Name),
            { Registered: { } other } => GateAnswer.Fail(
                Name,
                new GateReason(
                    "release-other-digest",
                    $"{facts.Release.Name} was asked for as {facts.Release.Digest}, and the catalogue has it as {other.Ref.Digest}.",
                    Clearing.Author,
                    $"write the digest that tidegate release show {facts.Release.Name} prints, or ask for a release of another name"
                )
            ),
            _ => GateAnswer.Fail(
                Name,
                new GateReason(
                    "release-unknown",
                    $"there is no release {facts.Release.Name} in the catalogue.",
                    Clearing.Makers,
                    $"tidegate release build, then tidegate release register --name {facts.Release.Name} --digest {facts.Release.Digest}"
                )
            ),
        };
}
