using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Restores;

/// <summary>What takes the place of a tenant's database, and on what terms.</summary>
/// <param name="Release">The release that it belongs to.</param>
/// <param name="Baseline">The rollout whose journeys on that release are known; null when there is none.</param>
public sealed record RestoreOrder(
    RestoreSource Source,
    ReleaseRef Release,
    WrittenSince Since,
    LossAcceptance Accepted,
    RolloutId? Baseline
);

/// <summary>Makes the plan of a way back: one tenant, the cutover's own steps, and nothing migrated. Pure.</summary>
public static class RestorePlanner
{
    public static RolloutPlan Plan(FleetMember member, RestoreOrder order) =>
        ReplacementPlan.Of(
            member,
            order.Source,
            order.Release,
            "restore/1",
            [
                new MeasureLoss(order.Source, order.Since, order.Accepted),
                new Adopt(order.Source),
                new Swap { Keeps = true },
            ],
            new Verify { IsRestored = true, Baseline = order.Baseline },
            new Retire { Source = order.Source }
        );
}
