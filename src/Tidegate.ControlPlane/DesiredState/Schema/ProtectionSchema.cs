using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What a policy says of protection.</summary>
internal static class ProtectionSchema
{
    private static readonly DurationKind Age = new(TimeSpan.FromDays(365));

    private static readonly ChoiceKind<GateDemand> Demand = new(GateDemand.Off, GateDemand.Required);

    private static readonly Keys<ProtectionPolicy> Keys = new(new());

    public static readonly ObjectSchema Schema = new(
        "map of protection",
        "What must be proven of the way back before work begins, and how old the proof may be. What is not said is not asked.",
        [
            Keys.Optional(
                "backup",
                Age,
                protection => protection.Backup,
                "How old the newest usable backup of each tenant may be: its site's or its own."
            ),
            Keys.Optional(
                "archive",
                Demand,
                protection => protection.Archive ? GateDemand.Required : GateDemand.Off,
                "The archive of the site's log has no gap from its oldest backup up to now."
            ),
            Keys.Optional(
                "restore",
                Age,
                protection => protection.Restore,
                "How long ago each tenant, or a larger one of its site, may have been restored for proof; as fast as its objective promises."
            ),
            Keys.Optional(
                "disk",
                new FactorKind(),
                protection => protection.Disk,
                "How many times the databases that are copied at once must be free on the site's disk."
            ),
            Keys.Optional(
                "rehearsal",
                Age,
                protection => protection.Rehearsal,
                "How old the data may be with which the release was rehearsed for each tenant."
            ),
        ],
        values => new ProtectionPolicy
        {
            Backup = values.Said<TimeSpan>("backup"),
            Archive = values.Of<GateDemand>("archive") is GateDemand.Required,
            Restore = values.Said<TimeSpan>("restore"),
            Disk = values.Said<double>("disk"),
            Rehearsal = values.Said<TimeSpan>("rehearsal"),
        }
    );
}
