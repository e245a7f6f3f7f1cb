using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What a policy says of emergencies.</summary>
internal static class EmergencySchema
{
    private static readonly Keys<EmergencyPolicy> Keys = new(new());

    public static readonly ObjectSchema Schema = new(
        "map of emergencies",
        "What one person may do in an emergency, and how soon another has to look.",
        [
            Keys.Optional(
                "overrides",
                new ListKind(
                    new ChoiceKind<OverridableGate>(
                        OverridableGate.Approved,
                        OverridableGate.Protected,
                        OverridableGate.Drilled
                    )
                ),
                emergency => emergency.Overrides.ToImmutableItems(),
                "Gates that an emergency may go past that names them. Without any it goes past git alone."
            ),
            Keys.Optional(
                "secondWithin",
                new DurationKind(TimeSpan.FromDays(7)),
                emergency => emergency.SecondWithin,
                "How soon a second person has to say yes where approvals were gone past; else the rollout halts."
            ),
            Keys.Optional(
                "longest",
                new DurationKind(TimeSpan.FromDays(7)),
                emergency => emergency.Longest,
                "How long an emergency may last at most: then its rollout halts."
            ),
        ],
        values => new EmergencyPolicy
        {
            Overrides = values.Items<OverridableGate>("overrides"),
            SecondWithin = values.Of<TimeSpan>("secondWithin"),
            Longest = values.Of<TimeSpan>("longest"),
        }
    );
}
