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
                    new TextKind(
                        "approved, protected, drilled, or a rule of a calendar by what it does and its name, like freeze:retail/black-friday, with * for any characters and ? for any one",
                        120,
                        "approved|protected|drilled|(freeze|peak|window):[a-z0-9*?/-]+"
                    ),
                    most: 100
                ),
                emergency => emergency.Overrides.ToImmutableItems(),
                "What an emergency may go past that names it: gates, and rules of calendars. Without any it goes past git alone."
            ),
            Keys.Optional(
                "secondWithin",
                new DurationKind(TimeSpan.FromDays(7)),
                emergency => emergency.SecondWithin,
                "How soon a second person has to say yes where approvals or a rule of a calendar were gone past; else the rollout halts."
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
            Overrides = values.Items<string>("overrides"),
            SecondWithin = values.Of<TimeSpan>("secondWithin"),
            Longest = values.Of<TimeSpan>("longest"),
        }
    );
}
