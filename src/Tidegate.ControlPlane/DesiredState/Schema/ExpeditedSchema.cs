using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What a policy says of security fixes.</summary>
internal static class ExpeditedSchema
{
    private static readonly DurationKind Most = new(TimeSpan.FromDays(365));

    private static readonly Keys<ExpeditedPolicy> Keys = new(new());

    public static readonly ObjectSchema Schema = new(
        "map of expedited durations",
        "What a release waits less for whose file says security. It takes the same steps and passes the same gates.",
        [
            Keys.Optional(
                "soak",
                Most,
                expedited => expedited.Soak,
                "How long it stays upstream at most. Without it as long as others."
            ),
            Keys.Optional(
                "bake",
                Most,
                expedited => expedited.Bake,
                "How long each tenant is watched after opening at most. Without it as long as others."
            ),
        ],
        values => new ExpeditedPolicy { Soak = values.Said<TimeSpan>("soak"), Bake = values.Said<TimeSpan>("bake") }
    );
}
