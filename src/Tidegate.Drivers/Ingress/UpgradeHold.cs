using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Ingress;

/// <summary>The hold of one upgrade: its id is the upgrade's, so whoever runs the upgrade holds it.</summary>
internal static class UpgradeHold
{
    /// <summary>
    /// Long enough for a control plane to restart, or another one to take over, under a running hold; short enough that an
    /// orphaned hold soon says so to the users.
    /// </summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    public static string IdOf(StepContext context) => context.Upgrade.Value;

    public static HoldTerms Terms(StepContext context, TimeSpan bound) =>
        new(context.Epoch, Lease.TotalSeconds, bound.TotalSeconds);
}
